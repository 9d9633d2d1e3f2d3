import { logIncompleteGamma } from '../special/incomplete-gamma.ts';
import { logGamma } from '../special/log-gamma.ts';
import type { UniformMixture } from './mixture.ts';

/**
 * For sums with sub-exponential increments of scale `c`: heavy upper tails, such as waiting times and
 * empirical Bernstein bounds. Evidence for an upward drift. Source: Howard et al. 2021, gamma-exponential mixture.
 */
export function gammaExponentialMixture(rho: number, c: number): UniformMixture {
  const unit = c * c;
  const prior = rho / unit;
  const constant =
    prior * Math.log(prior) - logGamma(prior) - logIncompleteGamma(prior, prior).lower;
  return {
    logE: (sum, variance) => {
      const shape = (variance + rho) / unit;
      const drift = (c * sum + variance) / unit;
      const at = drift + prior;
      return (
        constant +
        logGamma(shape) +
        logIncompleteGamma(shape, at).lower -
        shape * Math.log(at) +
        drift
      );
    },
    largestSum: () => Infinity,
  };
}
