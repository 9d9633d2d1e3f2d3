import type { OperatorDefinition } from './operator.ts';

/** A text that ends with the operand. */
export const endsWith: OperatorDefinition = {
  accepts: 'a string',
  compile: (attribute, operand) => {
    if (typeof operand !== 'string') return undefined;
    return (context) => {
      const value = context[attribute];
      return typeof value === 'string' && value.endsWith(operand);
    };
  },
};
