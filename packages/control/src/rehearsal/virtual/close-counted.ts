import { batchEndMs } from '../../telemetry/rollout/batches.ts';
import { type Closing, coverageOf } from '../../telemetry/rollout/coverage.ts';
import { shareOf } from '../../telemetry/rollout/history.ts';
import {
  absorbFirstAssignments,
  absorbTallies,
  startAnewInLongStage,
} from '../../telemetry/rollout/judging.ts';
import { noteLeaving } from '../../telemetry/rollout/leaving-baseline.ts';
import { recordTallies } from '../../telemetry/rollout/record-tallies.ts';
import type { BatchCell, RolloutTelemetry } from '../../telemetry/rollout/types.ts';
import type { UnitCounts } from './unit-counts.ts';

const KEPT_BATCHES = 60;

/** First assignments of a stage that no closed batch has counted yet. */
export interface Newcomers {
  readonly stage: number;
  treatment: number;
  control: number;
}

/**
 * The product's `closeBatch` with counts in the place of unit records: what is done to them, and in
 * which order, is its own functions. All units are new, so treatment is expected at the stage's share.
 */
export function closeCounted(
  telemetry: RolloutTelemetry,
  closing: Closing,
  { counts, newcomers }: { readonly counts: UnitCounts; readonly newcomers: Newcomers[] },
): void {
  const { batch } = closing;
  const endMs = batchEndMs(telemetry, batch);
  const { complete, missing } = coverageOf(telemetry, endMs, closing);
  telemetry.openBatch = batch + 1;
  const cells: BatchCell[] = [];
  const groups = counts.takeDue(batch);
  const cohorts = [...telemetry.cohorts.values()]
    .filter(({ open }) => open)
    .sort((one, other) => one.stage - other.stage);
  for (const cohort of cohorts) {
    countNewcomers(telemetry, cohort, newcomers);
    const tallies = groups
      .filter(({ stage }) => stage === cohort.stage)
      .sort((one, other) => one.horizonIndex - other.horizonIndex)
      .map((group) => counts.tally(group));
    cells.push(...recordTallies(telemetry, cohort, tallies));
    if (cohort.stage < 0) continue;
    absorbTallies(telemetry, { stage: cohort.stage, complete }, tallies);
    startAnewInLongStage(telemetry, cohort, endMs);
  }
  newcomers.length = 0;
  telemetry.closedBatches += 1;
  telemetry.closedThroughMs = endMs;
  telemetry.recent.push({ batch, endMs, missing, complete, cells });
  if (telemetry.recent.length > KEPT_BATCHES) telemetry.recent.shift();
  noteLeaving(telemetry);
}

function countNewcomers(
  telemetry: RolloutTelemetry,
  {
    stage,
    allocations,
  }: { readonly stage: number; readonly allocations: Parameters<typeof shareOf>[0] },
  newcomers: readonly Newcomers[],
): void {
  const share = shareOf(allocations, 0);
  if (stage < 0 || share === undefined || share <= 0 || share >= 1) return;
  const own = newcomers.filter((each) => each.stage === stage);
  const count = (arm: 'treatment' | 'control') => own.reduce((sum, each) => sum + each[arm], 0);
  const [treatment, control] = [count('treatment'), count('control')];
  absorbFirstAssignments(telemetry, [{ stage, allocation: 0, share, treatment, control }]);
}
