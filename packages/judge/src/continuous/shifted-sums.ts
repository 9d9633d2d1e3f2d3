import { requireCount } from '../error/require.ts';
import { requireFinite } from '../error/require-figure.ts';
import type { Moments } from './moments.ts';

/**
 * Sums of one arm's values in one batch, each less a shift near their mean (the first batch's mean will
 * do), so that the sum of squares does not drown the variance. Plain data, changed by `addValue`.
 */
export interface ShiftedSums {
  count: number;
  readonly shift: number;
  /** Sum of (value - shift). */
  sum: number;
  /** Sum of (value - shift)^2. */
  squares: number;
}

export function createSums(shift: number): ShiftedSums {
  requireFinite('shift', shift);
  return { count: 0, shift, sum: 0, squares: 0 };
}

/**
 * Adds one unit's value. A ceiling that was declared before the rollout, the same for both arms, keeps a few
 * enormous values from deciding; larger values count as the ceiling.
 */
export function addValue(sums: ShiftedSums, value: number, ceiling = Infinity): void {
  requireFinite('value', value);
  const off = Math.min(value, ceiling) - sums.shift;
  sums.count += 1;
  sums.sum += off;
  sums.squares += off * off;
}

/** Count, mean and squared deviations of what was added. */
export function momentsOf(sums: Readonly<ShiftedSums>): Moments {
  requireCount('count', sums.count);
  requireFinite('sum', sums.sum);
  requireFinite('squares', sums.squares);
  if (sums.count === 0) return { count: 0, mean: 0, squaredDeviations: 0 };
  const off = sums.sum / sums.count;
  return {
    count: sums.count,
    mean: sums.shift + off,
    squaredDeviations: Math.max(0, sums.squares - off * sums.sum),
  };
}
