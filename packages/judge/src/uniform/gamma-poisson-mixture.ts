import { logIncompleteGamma } from '../special/incomplete-gamma.ts';
import { logGamma } from '../special/log-gamma.ts';
import type { UniformMixture } from './mixture.ts';

/**
 * For sums with sub-Poisson increments of jump size `c`: counts less their expectation. Evidence for an
 * upward drift. Source: Howard et al. 2021, gamma-Poisson mixture.
 */
export function gammaPoissonMixture(rho: number, c: number): UniformMixture {
  const unit = c * c;
  const prior = rho / unit;
  const constant =
    prior * Math.log(prior) - logGamma(prior) - logIncompleteGamma(prior, prior).upper;
  return {
    logE: (sum, variance) => {
      const at = (variance + rho) / unit;
      const shape = sum / c + at;
      return (
        constant +
        logGamma(shape) +
        logIncompleteGamma(shape, at).upper -
        shape * Math.log(at) +
        variance / unit
      );
    },
    largestSum: () => Infinity,
  };
}
