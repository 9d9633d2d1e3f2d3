import { isScalar, type OperatorDefinition } from './operator.ts';

/** Same type and another value. */
export const notEquals: OperatorDefinition = {
  accepts: 'a string, a finite number or a boolean',
  compile: (attribute, operand) => {
    if (!isScalar(operand)) return undefined;
    const type = typeof operand;
    return (context) => {
      const value = context[attribute];
      return typeof value === type && value !== operand;
    };
  },
};
