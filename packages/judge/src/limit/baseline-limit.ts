import type { Null } from '../betting/bet.ts';
import { requireInside } from '../error/require-figure.ts';
import { requireAtLeast, requireCount } from '../error/require.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';
import { bisect } from '../special/bisect.ts';
import { incompleteBeta } from '../special/incomplete-beta.ts';

/** How sure the baseline's upper bound is. */
const CONFIDENCE = 0.99;

/**
 * The largest rate that is called normal: the upper confidence bound of the baseline's rate (99 % unless
 * said), times the margin's ratio, plus its excess; at most 1. Not a bound that may be looked at again
 * and again: it is frozen once, before the rollout. Throws `JudgeInputError`.
 */
export function baselineLimit(
  baseline: { readonly units: number; readonly bad: number },
  margin: Null,
  confidence = CONFIDENCE,
): number {
  requireAtLeast('margin.ratio', margin.ratio, 0);
  requireAtLeast('margin.excess', margin.excess, 0);
  const upper = rateUpperBound(baseline, confidence);
  return Math.min(1, margin.ratio * upper + margin.excess);
}

/**
 * The exact one-sided upper confidence bound of a rate: the rate at which so few bad outcomes would be
 * seen with probability 1 - confidence. Source: Clopper and Pearson 1934.
 */
export function rateUpperBound(
  { units, bad }: { readonly units: number; readonly bad: number },
  confidence: number,
): number {
  requireInside('confidence', confidence);
  requireCount('units', units);
  requireCount('bad', bad);
  if (bad > units || units === 0) {
    throw new JudgeInputError(
      'baseline_empty',
      'units',
      `baseline has ${bad} bad of ${units} units; at least one unit, and at most as many bad, is accepted`,
    );
  }
  if (bad === units) return 1;
  return bisect((rate) => incompleteBeta(rate, bad + 1, units - bad) - confidence, {
    low: bad / units,
    high: 1,
  });
}
