import { isScalar, type OperatorDefinition } from './operator.ts';

/** Up to here a list is as fast as a Set, and takes no memory of its own. */
const LONGEST_SEARCHED = 4;

/** Equals one of the list. */
export const isIn: OperatorDefinition = {
  accepts: 'a list of strings, finite numbers and booleans',
  compile: (attribute, operand) => {
    if (!Array.isArray(operand) || !operand.every(isScalar)) return undefined;
    const list: readonly unknown[] = operand;
    if (list.length <= LONGEST_SEARCHED) return (context) => list.includes(context[attribute]);
    const values = new Set(list);
    return (context) => values.has(context[attribute]);
  },
};
