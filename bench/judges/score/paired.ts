const Z = 1.959963984540054;

export interface Paired {
  readonly mean: number;
  /** 95 % interval of the mean. */
  readonly lower: number;
  readonly upper: number;
}

/** Mean of the differences one - other, seed by seed, with its normal 95 % interval. */
export function differenceOf(one: readonly number[], other: readonly number[]): Paired {
  const differences = one.map((value, seed) => value - (other[seed] ?? 0));
  const mean = meanOf(differences);
  const half = Z * standardError(differences, mean);
  return { mean, lower: mean - half, upper: mean + half };
}

/**
 * Ratio of the means of one and other with its 95 % interval by the delta method: the variance of
 * one - ratio x other, seed by seed.
 */
export function ratioOf(one: readonly number[], other: readonly number[]): Paired {
  const below = meanOf(other);
  const mean = meanOf(one) / below;
  const residuals = one.map((value, seed) => value - mean * (other[seed] ?? 0));
  const half = (Z * standardError(residuals, meanOf(residuals))) / Math.abs(below);
  return { mean, lower: mean - half, upper: mean + half };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function standardError(values: readonly number[], mean: number): number {
  const { length } = values;
  if (length < 2) return Infinity;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (length - 1) / length);
}
