import { isScalar, type OperatorDefinition } from './operator.ts';

/** Of a type that the list has, and equal to none of it; for an empty list any scalar. */
export const notIn: OperatorDefinition = {
  accepts: 'a list of strings, finite numbers and booleans',
  compile: (attribute, operand) => {
    if (!Array.isArray(operand) || !operand.every(isScalar)) return undefined;
    if (operand.length === 0) return (context) => isScalar(context[attribute]);
    const values = new Set<unknown>(operand);
    const types = new Set<string>(operand.map((value) => typeof value));
    return (context) => {
      const value = context[attribute];
      return types.has(typeof value) && !values.has(value);
    };
  },
};
