import { isFiniteNumber, type OperatorDefinition } from './operator.ts';

export const atLeast: OperatorDefinition = {
  accepts: 'a finite number',
  compile: (attribute, operand) => {
    if (!isFiniteNumber(operand)) return undefined;
    return (context) => {
      const value = context[attribute];
      return typeof value === 'number' && value >= operand;
    };
  },
};
