import { closeCounted } from '../counted/close-counted.ts';
import { absorbSlices, absorbSurplus } from './absorb-slices.ts';
import { countAssignments, countSurplusAssignments } from './assignments.ts';
import { batchEndMs } from './batches.ts';
import { closeHorizons } from './close-horizons.ts';
import { coverageOf, type Closing } from './coverage.ts';
import { afterBatch } from '../context/after-batch.ts';
import { forgetWaiting } from './harm-told.ts';
import { absorbTallies, startAnewInLongStage } from './judging.ts';
import { recordTallies } from './record-tallies.ts';
import { BASELINE_STAGE, RECOVERY_STAGE } from './history.ts';
import { thinnedDimension } from './surplus.ts';
import type { BatchCell, MeanCell, RolloutTelemetry } from './types.ts';

/**
 * Closes a batch for ever: units whose horizon ended by its end enter, with 0 or 1, their stage's
 * figures and the judge. Batches up to a closed one change nothing; late reports join the open one.
 * Harm is judged by every batch, at its time; what is missing in it can only hide harm, so one in which
 * reports are missing counts for nothing else (invariants 4 and 5).
 */
export function closeBatch(telemetry: RolloutTelemetry, closing: Closing): void {
  const { batch } = closing;
  if (batch < telemetry.openBatch) return;
  const endMs = batchEndMs(telemetry, batch);
  const { complete, missing } = coverageOf(telemetry, endMs, closing);
  telemetry.openBatch = batch + 1;
  const cells: BatchCell[] = [];
  const means: MeanCell[] = [];
  for (const cohort of openCohorts(telemetry)) {
    const isStage = cohort.stage !== BASELINE_STAGE && cohort.stage !== RECOVERY_STAGE;
    countAssignments(telemetry, cohort, endMs);
    const tallies = closeHorizons(telemetry, cohort, { batch, endMs });
    const recorded = recordTallies(telemetry, cohort, tallies);
    cells.push(...recorded.cells);
    means.push(...recorded.means);
    if (!isStage) continue;
    absorbTallies(telemetry, { stage: cohort.stage, complete }, tallies);
    absorbSlices(telemetry, { stage: cohort.stage, complete }, tallies);
    closeSurplus(telemetry, cohort.stage, { batch, endMs, complete });
    startAnewInLongStage(telemetry, cohort, endMs);
  }
  forgetWaiting(telemetry, endMs - (telemetry.horizonsMs.at(-1) ?? 0) - 2 * telemetry.plan.batchMs);
  cells.push(...closeCounted(telemetry, { batch, endMs, complete }));
  afterBatch(telemetry, { batch, endMs, missing, complete, cells, means });
}

/** Units beyond the measured slice enter their value's figures, and no others. */
function closeSurplus(
  telemetry: RolloutTelemetry,
  stage: number,
  of: { readonly batch: number; readonly endMs: number; readonly complete: boolean },
): void {
  const cohort = telemetry.surplus.cohorts.get(stage);
  if (cohort === undefined) return;
  const { endMs, complete } = of;
  const dimension = thinnedDimension(telemetry);
  countSurplusAssignments(telemetry, cohort, { endMs, dimension });
  const tallies = closeHorizons(telemetry, cohort, of);
  absorbSurplus(telemetry, { stage, complete, dimension }, tallies);
}

function openCohorts(telemetry: RolloutTelemetry) {
  return [...telemetry.cohorts.values()]
    .filter(({ open }) => open)
    .sort((one, other) => one.stage - other.stage);
}
