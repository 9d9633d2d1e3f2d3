import { isScalar, type OperatorDefinition } from './operator.ts';

/** Equals one of the list. */
export const isIn: OperatorDefinition = {
  accepts: 'a list of strings, finite numbers and booleans',
  compile: (operand) => {
    if (!Array.isArray(operand) || !operand.every(isScalar)) return undefined;
    const values = new Set<unknown>(operand);
    return (value) => values.has(value);
  },
};
