import { compileRange } from '../../semver/range.ts';
import type { OperatorDefinition } from './operator.ts';

/** A version text in a range, such as `>=2.1`, `^1.4.0` or `>=2.1 <3`. */
export const semver: OperatorDefinition = {
  accepts: 'comparators of versions joined by spaces: = != < <= > >= ^ ~ and 1, 1.2 or 1.2.3-rc.1',
  compile: (attribute, operand) => {
    const includes = typeof operand === 'string' ? compileRange(operand) : undefined;
    if (includes === undefined) return undefined;
    return (context) => {
      const value = context[attribute];
      return typeof value === 'string' && includes(value);
    };
  },
};
