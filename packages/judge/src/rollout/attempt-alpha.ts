import { requireAlpha } from '../error/require.ts';

/** Alpha of the n-th attempt (from 1) of one budget over all attempts: alpha/2, alpha/4, alpha/8, … */
export function attemptAlpha(alpha: number, attempt: number): number {
  requireAlpha('alpha', alpha);
  return alpha / 2 ** Math.max(1, attempt);
}
