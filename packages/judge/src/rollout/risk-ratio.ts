import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../betting/mixtures.ts';
import type { BatchCounts, Mixture } from '../betting/types.ts';
import { requireAlpha, requireCounts } from '../error/require.ts';
import { logSumExp } from '../special/log-sum-exp.ts';
import {
  addToRatio,
  emptyRatioCounts,
  lowerEdge,
  type RatioCounts,
  upperEdge,
} from './ratio-counts.ts';

/** Steps of 1.3 % from 1/8 to 8: fine enough that a bound above 1 is not shown as 1. */
const GRID: readonly number[] = Array.from({ length: 321 }, (_, at) => 8 ** ((at - 160) / 160));

export interface RatioInterval {
  /** Mantel-Haenszel estimate over the strata; null where control has no bad outcome. */
  readonly estimate: number | null;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Ratio of treatment's rate to control's over batches, with bounds that hold at every look at once with
 * confidence 1 - `alpha`: the ratios on a grid from 1/8 to 8 that neither direction's e-process has
 * rejected at `alpha` / 2 (docs/judge.md). Beyond the grid they are 0 and Infinity. Throws
 * `JudgeInputError`.
 */
export function riskRatio(batches: readonly BatchCounts[], alpha: number): RatioInterval {
  requireAlpha('alpha', alpha);
  const counts = emptyRatioCounts();
  batches.forEach((batch, index) => {
    requireCounts(`batches[${index}]`, batch);
    addToRatio(counts, batch);
  });
  return { estimate: mantelHaenszel(batches), ...ratioBounds(counts, alpha) };
}

interface RatioBounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Bounds found before, by the counts they were found for. Counts only grow, so the number of bad outcomes
 * tells whether they are the same; what is computed does not depend on what is remembered.
 */
const REMEMBERED = new WeakMap<
  RatioCounts,
  { readonly events: number; readonly alpha: number; readonly bounds: RatioBounds }
>();

/** The bounds alone. */
export function ratioBounds(counts: RatioCounts, alpha: number): RatioBounds {
  let events = 0;
  for (let at = 1; at < counts.bins.length; at += 2) events += counts.bins[at] ?? 0;
  if (events === 0) return { lower: 0, upper: Infinity };
  const found = REMEMBERED.get(counts);
  if (found?.events === events && found.alpha === alpha) return found.bounds;
  const bounds = findBounds(counts, alpha);
  REMEMBERED.set(counts, { events, alpha, bounds });
  return bounds;
}

function findBounds(counts: RatioCounts, alpha: number): RatioBounds {
  const limit = Math.log(2 / alpha);
  const harm = evidenceOf(counts, HARM_MIXTURE, upperEdge);
  const improvement = evidenceOf(counts, NON_INFERIORITY_MIXTURE, lowerEdge);
  // Evidence against p_T <= ratio p_C falls as the ratio grows, evidence against p_T >= ratio p_C rises.
  const notBelow = firstWhere((ratio) => harm(ratio) < limit);
  const above = firstWhere((ratio) => improvement(ratio) >= limit);
  return { lower: GRID[notBelow - 1] ?? 0, upper: GRID[above] ?? Infinity };
}

/** The estimate over strata whose arms are comparable. */
export function mantelHaenszel(strata: readonly BatchCounts[]): number | null {
  let above = 0;
  let below = 0;
  for (const { treatment, control } of strata) {
    const units = treatment.units + control.units;
    if (units === 0) continue;
    above += treatment.bad * (control.units / units);
    below += control.bad * (treatment.units / units);
  }
  return below === 0 ? null : above / below;
}

function firstWhere(holds: (ratio: number) => boolean): number {
  let low = 0;
  let high = GRID.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(GRID[middle] ?? 1)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Log evidence as a function of the null's ratio. Without an excess a batch of x bad outcomes gives
 * x_T ln m - x ln(1 + s (m - 1) / (1 + s)), s = exposure ratio x null's ratio. That falls in s for
 * m > 1 and rises for m < 1, so each bin is taken at the edge that makes it smaller: what binning
 * costs is width, never validity.
 */
function evidenceOf(
  { treatmentBad, bins }: RatioCounts,
  mixture: Mixture,
  edge: (bin: number) => number,
): (ratio: number) => number {
  const edges: number[] = [];
  const events: number[] = [];
  for (let at = 0; at < bins.length; at += 2) {
    edges.push(edge(bins[at] ?? 0));
    events.push(bins[at + 1] ?? 0);
  }
  const { multipliers, weights } = mixture;
  const prior = multipliers.map(
    (multiplier, cell) => Math.log(weights[cell] ?? 0) + treatmentBad * Math.log(multiplier),
  );
  return (ratio) => {
    const logs = [...prior];
    for (let bin = 0; bin < edges.length; bin += 1) {
      const slope = (edges[bin] ?? 0) * ratio;
      const share = slope / (1 + slope);
      const here = events[bin] ?? 0;
      for (let cell = 0; cell < logs.length; cell += 1) {
        logs[cell] = (logs[cell] ?? 0) - here * Math.log1p(share * ((multipliers[cell] ?? 1) - 1));
      }
    }
    return logSumExp(logs);
  };
}
