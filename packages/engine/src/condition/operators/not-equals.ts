import { isScalar, type OperatorDefinition } from './operator.ts';

/** Same type and another value. */
export const notEquals: OperatorDefinition = {
  accepts: 'a string, a finite number or a boolean',
  compile: (operand) => {
    if (!isScalar(operand)) return undefined;
    const type = typeof operand;
    return (value) => typeof value === type && value !== operand;
  },
};
