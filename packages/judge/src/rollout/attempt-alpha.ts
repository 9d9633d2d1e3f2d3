import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAlpha } from '../error/require.ts';

/** So many halvings leave an alpha above 0. */
const MOST_ATTEMPTS = 1000;

/**
 * Alpha of the n-th attempt (from 1) of one budget over all attempts: alpha/2, alpha/4, alpha/8, ..., which
 * never sum to more than `alpha`. Throws `JudgeInputError`.
 */
export function attemptAlpha(alpha: number, attempt: number): number {
  requireAlpha('alpha', alpha);
  if (Number.isSafeInteger(attempt) && attempt >= 1 && attempt <= MOST_ATTEMPTS) {
    return alpha / 2 ** attempt;
  }
  throw new JudgeInputError(
    'attempt_out_of_range',
    'attempt',
    `attempt is ${attempt}; a whole number from 1 to ${MOST_ATTEMPTS} is accepted`,
  );
}
