import { logScaledNormalCdf } from '../special/normal.ts';
import type { UniformMixture } from './mixture.ts';

/**
 * For sums with (nearly) normal increments, evidence in both directions.
 * ln e = ln(rho / (v + rho)) / 2 + s^2 / (2 (v + rho)).
 * Source: Robbins 1970; Howard et al. 2021, two-sided normal mixture.
 */
export function twoSidedNormalMixture(rho: number): UniformMixture {
  return {
    logE: (sum, variance) =>
      0.5 * Math.log(rho / (variance + rho)) + (sum * sum) / (2 * (variance + rho)),
    largestSum: () => Infinity,
  };
}

/**
 * Evidence for an upward drift only: the prior is the positive half of the normal distribution.
 * ln e = ln(4 rho / (v + rho)) / 2 + s^2 / (2 (v + rho)) + ln Phi(s / sqrt(v + rho)).
 * Source: Howard et al. 2021, one-sided normal mixture.
 */
export function oneSidedNormalMixture(rho: number): UniformMixture {
  return {
    logE: (sum, variance) =>
      0.5 * Math.log((4 * rho) / (variance + rho)) +
      logScaledNormalCdf(sum / Math.sqrt(variance + rho)),
    largestSum: () => Infinity,
  };
}
