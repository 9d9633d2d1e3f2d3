import type { OperatorDefinition } from './operator.ts';

/** A text that has the operand in it. Lists are not searched: they are of another type. */
export const contains: OperatorDefinition = {
  accepts: 'a string',
  compile: (attribute, operand) => {
    if (typeof operand !== 'string') return undefined;
    return (context) => {
      const value = context[attribute];
      return typeof value === 'string' && value.includes(operand);
    };
  },
};
