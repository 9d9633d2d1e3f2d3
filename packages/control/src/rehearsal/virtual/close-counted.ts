import { afterBatch } from '../../telemetry/context/after-batch.ts';
import { batchEndMs } from '../../telemetry/rollout/batches.ts';
import type { Tally } from '../../telemetry/rollout/close-horizons.ts';
import type { Cohort } from '../../telemetry/rollout/cohort.ts';
import { type Closing, coverageOf } from '../../telemetry/rollout/coverage.ts';
import {
  absorbFirstAssignments,
  absorbTallies,
  startAnewInLongStage,
} from '../../telemetry/rollout/judging.ts';
import { recordTallies } from '../../telemetry/rollout/record-tallies.ts';
import type {
  AssignmentTally,
  BatchCell,
  RolloutTelemetry,
} from '../../telemetry/rollout/types.ts';

/** Counts that stand for unit records. */
export interface CountedUnits {
  /** Takes what a batch adds to the stages, each in the order of horizon and stratum. */
  readonly takeTallies: (batch: number) => ReadonlyMap<number, readonly Tally[]>;
  /** Takes the first assignments of a stage that no closed batch has counted yet. */
  readonly takeAssignments: (cohort: Cohort) => readonly AssignmentTally[];
}

/**
 * The product's `closeBatch` with counts in the place of unit records: what is done to them, and in
 * which order, is its own functions.
 */
export function closeCounted(
  telemetry: RolloutTelemetry,
  closing: Closing,
  units: CountedUnits,
): void {
  const { batch } = closing;
  const endMs = batchEndMs(telemetry, batch);
  const { complete, missing } = coverageOf(telemetry, endMs, closing);
  telemetry.openBatch = batch + 1;
  const cells: BatchCell[] = [];
  const byStage = units.takeTallies(batch);
  for (const cohort of openCohorts(telemetry)) {
    const assignments = units.takeAssignments(cohort);
    if (assignments.length > 0) absorbFirstAssignments(telemetry, assignments);
    const tallies = byStage.get(cohort.stage) ?? NO_TALLIES;
    for (const cell of recordTallies(telemetry, cohort, tallies).cells) cells.push(cell);
    if (cohort.stage < 0) continue;
    absorbTallies(telemetry, { stage: cohort.stage, complete }, tallies);
    startAnewInLongStage(telemetry, cohort, endMs);
  }
  afterBatch(telemetry, { batch, endMs, missing, complete, cells, means: [] });
}

const NO_TALLIES: readonly Tally[] = [];

/** In the order of their stages. */
function openCohorts({ cohorts }: RolloutTelemetry): readonly Cohort[] {
  const open: Cohort[] = [];
  for (const cohort of cohorts.values()) if (cohort.open) open.push(cohort);
  return open.length < 2 ? open : open.sort((one, other) => one.stage - other.stage);
}
