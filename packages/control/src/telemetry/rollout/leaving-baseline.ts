import { mergeMoments, type Moments, NO_MOMENTS } from '@downhaul/judge';
import type { FrozenFigures, FrozenHypothesis } from '../../rollout/types.ts';
import type { ClosedBatch, RolloutTelemetry, UnitCounts } from './types.ts';

/** A guardrail has left, or has come back to, its baseline by this many closed batches together. */
export const JUDGED_BATCHES = 3;

/**
 * The rate over all units that still counts as the baseline's: its 99 % upper bound plus the margin,
 * (1 + relative) x upper + absolute (invariant 6). Of a mean it is its bound on the worse side, and from there
 * relative |bound| + absolute further.
 */
export function recoveredLimit({ baselineUpper, harmNull, mean }: FrozenHypothesis): number {
  if (mean !== undefined) {
    const { relative, absolute, worse } = mean.harm.margin;
    const tolerated = relative * Math.abs(baselineUpper) + absolute;
    return worse === 'higher' ? baselineUpper + tolerated : baselineUpper - tolerated;
  }
  return harmNull.ratio * baselineUpper + harmNull.excess;
}

/** Remembers hypotheses whose rate over all units, both arms, has left the baseline in some stage. */
export function noteLeaving(telemetry: RolloutTelemetry): void {
  const figures = telemetry.rollout.frozen;
  if (figures === undefined) return;
  if (telemetry.recent.length < JUDGED_BATCHES) return;
  const last = telemetry.recent.slice(-JUDGED_BATCHES);
  for (const { id, kind } of telemetry.hypotheses) {
    if (telemetry.left.has(id)) continue;
    const isOut = kind === 'mean' ? isMeanOutside : isOutside;
    if (isOut(last, id, figures)) telemetry.left.add(id);
  }
}

/** All units of the batches, both arms, of the stages that the filter takes. */
export function pooled(
  batches: readonly ClosedBatch[],
  hypothesis: string,
  takes: (stage: number) => boolean,
): UnitCounts {
  const sum = { units: 0, bad: 0 };
  for (const { cells } of batches) {
    for (const cell of cells) {
      if (cell.hypothesis !== hypothesis || !takes(cell.stage)) continue;
      sum.units += cell.treatment.units + cell.control.units;
      sum.bad += cell.treatment.bad + cell.control.bad;
    }
  }
  return sum;
}

function isOutside(batches: readonly ClosedBatch[], id: string, figures: FrozenFigures): boolean {
  const frozen = figures.hypotheses[id];
  if (frozen === undefined) return false;
  const { units, bad } = pooled(batches, id, (stage) => stage >= 0);
  return units > 0 && bad / units > recoveredLimit(frozen);
}

/** All units of the batches under a mean, both arms, of the stages that the filter takes. */
export function pooledMean(
  batches: readonly ClosedBatch[],
  hypothesis: string,
  takes: (stage: number) => boolean,
): Moments {
  let pooled = NO_MOMENTS;
  for (const { means } of batches) {
    for (const cell of means) {
      if (cell.hypothesis !== hypothesis || !takes(cell.stage)) continue;
      pooled = mergeMoments(mergeMoments(pooled, cell.treatment), cell.control);
    }
  }
  return pooled;
}

/** Whether a mean over all units is on the worse side of what still counts as the baseline's. */
export function isBeyond(frozen: FrozenHypothesis, mean: number): boolean {
  const limit = recoveredLimit(frozen);
  return frozen.mean?.harm.margin.worse === 'lower' ? mean < limit : mean > limit;
}

function isMeanOutside(
  batches: readonly ClosedBatch[],
  id: string,
  figures: FrozenFigures,
): boolean {
  const frozen = figures.hypotheses[id];
  if (frozen === undefined) return false;
  const { count, mean } = pooledMean(batches, id, (stage) => stage >= 0);
  return count > 0 && isBeyond(frozen, mean);
}
