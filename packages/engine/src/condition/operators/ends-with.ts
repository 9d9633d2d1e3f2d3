import type { OperatorDefinition } from './operator.ts';

/** A text that ends with the operand. */
export const endsWith: OperatorDefinition = {
  accepts: 'a string',
  compile: (operand) => {
    if (typeof operand !== 'string') return undefined;
    return (value) => typeof value === 'string' && value.endsWith(operand);
  },
};
