import type { OperatorDefinition } from './operator.ts';

/** A text that begins with the operand. */
export const startsWith: OperatorDefinition = {
  accepts: 'a string',
  compile: (operand) => {
    if (typeof operand !== 'string') return undefined;
    return (value) => typeof value === 'string' && value.startsWith(operand);
  },
};
