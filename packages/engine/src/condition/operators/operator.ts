/** Says whether an attribute's value satisfies an operator; missing is `undefined`. Never throws on JSON. */
export type ValueTest = (value: unknown) => boolean;

/** One operator of an attribute condition. */
export interface OperatorDefinition {
  /** What the operand may be, for people. */
  readonly accepts: string;
  /** Parses the operand once; undefined if it is not acceptable. */
  readonly compile: (operand: unknown) => ValueTest | undefined;
}

export type Scalar = string | number | boolean;

export function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean';
}

/** An operator that compares a number attribute with a number. */
export function numberOperator(
  compare: (value: number, operand: number) => boolean,
): OperatorDefinition {
  return {
    accepts: 'a finite number',
    compile: (operand) => {
      if (typeof operand !== 'number' || !Number.isFinite(operand)) return undefined;
      return (value) => typeof value === 'number' && compare(value, operand);
    },
  };
}
