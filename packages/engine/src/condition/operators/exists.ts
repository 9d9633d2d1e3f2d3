import type { OperatorDefinition } from './operator.ts';

/** Whether the attribute is there: neither missing nor null. */
export const exists: OperatorDefinition = {
  accepts: 'true or false',
  compile: (attribute, operand) => {
    if (typeof operand !== 'boolean') return undefined;
    return (context) => {
      const value = context[attribute];
      return (value !== undefined && value !== null) === operand;
    };
  },
};
