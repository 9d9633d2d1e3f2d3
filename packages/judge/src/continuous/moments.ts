import type { ArmCounts } from '../betting/types.ts';
import { requireCounts } from '../error/require.ts';

/** What is kept of the values of one arm in one stratum: enough for its mean and its variance. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum over the values of (value - mean)^2, in the metric's unit squared. */
  readonly squaredDeviations: number;
}

/** The moments of no values at all: merging them changes nothing. */
export const NO_MOMENTS: Moments = Object.freeze({ count: 0, mean: 0, squaredDeviations: 0 });

/**
 * The moments of both sets of values together. Works on the difference of the means, never on sums of
 * squares, so no digits are lost when the mean is large against the spread.
 * Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983.
 */
export function mergeMoments(first: Moments, second: Moments): Moments {
  if (second.count === 0) return first;
  if (first.count === 0) return second;
  const count = first.count + second.count;
  const apart = second.mean - first.mean;
  return {
    count,
    mean: first.mean + (apart * second.count) / count,
    squaredDeviations:
      first.squaredDeviations +
      second.squaredDeviations +
      (apart * apart * first.count * second.count) / count,
  };
}

/**
 * The moments of outcomes of 0 and 1. For rates above some 5 % a mean finds differences faster than the bet
 * of rare outcomes does. Throws `JudgeInputError`.
 */
export function momentsOfRate(counts: ArmCounts): Moments {
  requireCounts('counts', { treatment: counts, control: counts });
  if (counts.units === 0) return NO_MOMENTS;
  const mean = counts.bad / counts.units;
  return { count: counts.units, mean, squaredDeviations: counts.bad * (1 - mean) };
}

/** The unbiased variance of one value; 0 for fewer than two values. */
export function sampleVariance(moments: Moments): number {
  return moments.count < 2 ? 0 : Math.max(0, moments.squaredDeviations) / (moments.count - 1);
}
