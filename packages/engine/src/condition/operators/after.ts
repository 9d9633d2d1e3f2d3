import { INSTANT_ACCEPTS, instantTest } from './instant.ts';
import type { OperatorDefinition } from './operator.ts';

export const after: OperatorDefinition = {
  accepts: INSTANT_ACCEPTS,
  compile: (operand) => instantTest(operand, (value, instant) => value > instant),
};
