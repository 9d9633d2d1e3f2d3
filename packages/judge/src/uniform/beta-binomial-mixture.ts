import { logIncompleteBeta } from '../special/incomplete-beta.ts';
import { logBeta } from '../special/log-gamma.ts';
import { bestOneSidedRho, bestRho } from './best-rho.ts';
import type { UniformMixture } from './mixture.ts';

/** Increments of the sum take values between -below and +above; variance grows by below * above each. */
export interface BetaBinomialInput {
  readonly below: number;
  readonly above: number;
  /** Accumulated variance at which the boundary is tightest, at level `alpha`. */
  readonly atVariance: number;
  readonly alpha: number;
  readonly sides: 'one' | 'two';
}

/**
 * For sums of bounded increments, above all indicators less their probability p (below = p,
 * above = 1 - p): then exact at every sample size. Source: Howard et al. 2021, beta-binomial mixtures.
 */
export function betaBinomialMixture(input: BetaBinomialInput): UniformMixture {
  const { below: g, above: h, sides } = input;
  const range = g + h;
  const cut = sides === 'one' ? h / range : 1;
  const r = priorPrecision(input);
  const logMass = (left: number, right: number) =>
    logIncompleteBeta(cut, left, right) + logBeta(left, right);
  const normalizer = logMass(r / (g * range), r / (h * range));
  return {
    logE: (sum, variance) =>
      (variance / (g * h)) * Math.log(range) -
      ((variance + h * sum) / (h * range)) * Math.log(g) -
      ((variance - g * sum) / (g * range)) * Math.log(h) +
      logMass((r + variance - g * sum) / (g * range), (r + variance + h * sum) / (h * range)) -
      normalizer,
    largestSum: (variance) => variance / g,
  };
}

function priorPrecision({ below, above, atVariance, alpha, sides }: BetaBinomialInput): number {
  const rho = sides === 'one' ? bestOneSidedRho(atVariance, alpha) : bestRho(atVariance, alpha);
  return Math.max(rho - below * above, 1e-3 * below * above);
}
