import type { OperatorDefinition } from './operator.ts';

/** A text that begins with the operand. */
export const startsWith: OperatorDefinition = {
  accepts: 'a string',
  compile: (attribute, operand) => {
    if (typeof operand !== 'string') return undefined;
    return (context) => {
      const value = context[attribute];
      return typeof value === 'string' && value.startsWith(operand);
    };
  },
};
