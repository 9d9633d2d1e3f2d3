import { requireAlpha } from '../error/require.ts';
import { requirePositive } from '../error/require-figure.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';

/**
 * The mixture parameter that makes the two-sided boundary of level alpha tightest near a variance. A
 * choice of power only: every value is valid, but it must be fixed before the data.
 * Source: Howard et al. 2021, tuning of boundaries (first-order approximation).
 */
export function bestRho(variance: number, alpha: number): number {
  requirePositive('variance', variance);
  requireAlpha('alpha', alpha);
  const log = -2 * Math.log(alpha);
  return variance / (log + Math.log1p(log));
}

/** As `bestRho`, for a one-sided boundary: the two-sided one of twice the level. Alpha below 0.5. */
export function bestOneSidedRho(variance: number, alpha: number): number {
  requireAlpha('alpha', alpha);
  if (alpha >= 0.5) {
    throw new JudgeInputError(
      'alpha_out_of_range',
      'alpha',
      `alpha is ${alpha}; below 0.5 is accepted for a one-sided boundary`,
    );
  }
  return bestRho(variance, 2 * alpha);
}
