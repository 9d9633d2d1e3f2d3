import { compileRange } from '../../semver/range.ts';
import type { OperatorDefinition } from './operator.ts';

/** A version text in a range, such as `>=2.1`, `^1.4.0` or `>=2.1 <3`. */
export const semver: OperatorDefinition = {
  accepts: 'comparators of versions joined by spaces: = != < <= > >= ^ ~ and 1, 1.2 or 1.2.3-rc.1',
  compile: (operand) => {
    const holds = typeof operand === 'string' ? compileRange(operand) : undefined;
    return holds && ((value) => typeof value === 'string' && holds(value));
  },
};
