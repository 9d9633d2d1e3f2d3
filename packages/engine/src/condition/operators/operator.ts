import type { EvaluationContext } from '../../evaluate/types.ts';

/** Says whether something holds for a context. Throws only where reading the context throws. */
export type Matcher = (context: EvaluationContext) => boolean;

/** One operator of an attribute condition. */
export interface OperatorDefinition {
  /** What the operand may be, for people. */
  readonly accepts: string;
  /**
   * Parses the operand once and gives the test of that attribute of a context, missing being
   * `undefined`; undefined if the operand is not acceptable. Reading and testing are one function
   * because a second call per condition would be felt.
   */
  readonly compile: (attribute: string, operand: unknown) => Matcher | undefined;
}

type Scalar = string | number | boolean;

export function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || isFiniteNumber(value);
}

export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
