import { bisect } from '../special/bisect.ts';

/**
 * A nonnegative supermartingale that starts at 1, as a function of a sum and its accumulated variance: an
 * e-process against "the sum does not drift (upwards)". Bet sizes are mixed over a fixed prior.
 */
export interface UniformMixture {
  /** Natural logarithm of the e-value at this sum and accumulated variance. */
  logE(sum: number, variance: number): number;
  /** The largest sum that is possible at this variance; Infinity where none is. */
  largestSum(variance: number): number;
}

/**
 * The boundary that belongs to a mixture: the sum at which its e-value reaches exp(logThreshold). With
 * logThreshold = ln(1/alpha), a sum without drift ever goes above it with probability at most alpha.
 * The largest possible sum where even that is no evidence enough.
 * Source: Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence
 * sequences", Annals of Statistics 2021, conjugate mixture boundaries.
 */
export function mixtureBound(
  mixture: UniformMixture,
  { variance, logThreshold }: { variance: number; logThreshold: number },
): number {
  const missing = (sum: number) => logThreshold - mixture.logE(sum, variance);
  let high = Math.min(mixture.largestSum(variance), Math.max(variance, 1));
  while (missing(high) > 0) {
    if (high >= mixture.largestSum(variance)) return high;
    high = Math.min(2 * high, mixture.largestSum(variance));
  }
  return bisect(missing, { low: 0, high });
}
