import { bestOneSidedRho } from '../uniform/best-rho.ts';
import { oneSidedNormalMixture } from '../uniform/normal-mixture.ts';
import { requirePositive } from '../error/require-figure.ts';
import type { Contrast } from './contrast.ts';

/** All strata together. */
export interface Score {
  /** S = sum of D / V. */
  readonly score: number;
  /** I = sum of 1 / V: the clock. S / I estimates D, with variance 1 / I. */
  readonly information: number;
}

/**
 * Weighs strata by the inverse of their variance. Then S grows by independent increments of variance equal
 * to the growth of I: within a stratum Cov(D_s / V_s, D_t / V_t) = 1 / V_s for s before t, whatever the
 * split and however it changes between strata, so the normal mixture runs on the clock I.
 */
export function informationTime(contrasts: readonly Contrast[]): Score {
  let score = 0;
  let information = 0;
  for (const { difference, variance } of contrasts) {
    score += difference / variance;
    information += 1 / variance;
  }
  return { score, information };
}

/** What is claimed of the mean: `harm` gathers evidence for D > 0, `nonInferiority` for D < 0. */
export interface MeanClaim {
  readonly claim: 'harm' | 'nonInferiority';
  /** From `rhoFor`; fixed before the data. */
  readonly rho: number;
}

/**
 * Log evidence against the null of a claim: one-sided normal mixture over the information clock. Asymptotic
 * in the number of units per stratum. Source: Howard et al. 2021, one-sided normal mixture, with the
 * group-sequential information clock (Jennison and Turnbull 2000, chapter 3).
 */
export function logMeanE({ score, information }: Score, { claim, rho }: MeanClaim): number {
  return oneSidedNormalMixture(rho).logE(claim === 'harm' ? score : -score, information);
}

/** A one-sided boundary has no best parameter near one half, where nothing is claimed any more. */
const LARGEST_ALPHA = 0.25;

/**
 * The mixture parameter with most power when D is known with this standard error, in the metric's unit.
 * A third of the margin is a good choice: about there a difference of one margin is decided. It is a choice
 * of power alone, so it takes every alpha, and every standard error whose square a double holds.
 */
export function rhoFor(standardError: number, alpha: number): number {
  requirePositive('standardError', standardError);
  const variance = Math.min(Math.max(standardError * standardError, SMALLEST), LARGEST);
  return bestOneSidedRho(1 / variance, Math.min(alpha, LARGEST_ALPHA));
}

const SMALLEST = 1e-300;
const LARGEST = 1e300;
