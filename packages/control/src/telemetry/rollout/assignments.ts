import { SERVICE_SLICE } from '../../plan/slices.ts';
import type { Cohort } from './cohort.ts';
import { shareOf } from './history.ts';
import { absorbFirstAssignments } from './judging.ts';
import { seenBefore } from './seen-before.ts';
import { type SliceDimension, slicePlace } from './slice-dimension.ts';
import type { AssignmentTally, RolloutTelemetry } from './types.ts';
import { RowList } from './units/row-list.ts';
import type { UnitRecord } from './units/unit-record.ts';

/**
 * Counts each unit's assignment once, in the batch that saw it first. A unit that was in control
 * before is in treatment now with (rho_s - rho_before) / (1 - rho_before); a new one with rho_s; one
 * that was in treatment stays there for certain and tests nothing (judge.md, head note).
 */
export function countAssignments(telemetry: RolloutTelemetry, cohort: Cohort, endMs: number): void {
  const counted: UnitRecord[] = [];
  const later = new RowList();
  for (const row of cohort.newcomers) {
    const record = cohort.units.at(row);
    if (record.firstAtMs <= endMs) counted.push(record);
    else later.push(row);
  }
  cohort.newcomers = later;
  const tallies = new Map<string, AssignmentTally>();
  for (const record of counted) {
    record.fresh = false;
    if (cohort.stage < 0) continue;
    Object.assign(record, seenBefore(telemetry, cohort.stage, record));
    tallyAssignment(telemetry, { cohort, record }, tallies);
  }
  absorbFirstAssignments(
    telemetry,
    [...tallies.values()].sort(
      (one, other) => one.allocation - other.allocation || one.share - other.share,
    ),
  );
}

function tallyAssignment(
  telemetry: RolloutTelemetry,
  { cohort, record }: { readonly cohort: Cohort; readonly record: UnitRecord },
  tallies: Map<string, AssignmentTally>,
): void {
  const before = earlierRecord(telemetry, cohort.stage, record);
  if (before?.record.arm === 'treatment') {
    if (record.arm === 'control') telemetry.dropped.movedOut += 1;
    return;
  }
  const share = shareOf(cohort.allocations, record.allocation);
  const shareBefore =
    before === undefined ? 0 : shareOf(before.cohort.allocations, before.record.allocation);
  if (share === undefined || shareBefore === undefined || shareBefore >= 1) return;
  const probability = (share - shareBefore) / (1 - shareBefore);
  if (probability <= 0 || probability >= 1) return;
  const { allocation } = record;
  const key = `${allocation}/${probability}`;
  let tally = tallies.get(key);
  if (tally === undefined) {
    tally = { stage: cohort.stage, allocation, share: probability, treatment: 0, control: 0 };
    tallies.set(key, tally);
  }
  tally[record.arm] += 1;
  countBySlice(telemetry.dimensions, record, probability);
}

/** The same by value of each attribute; a service assigns nobody. */
function countBySlice(
  dimensions: readonly SliceDimension[],
  { arm, slices }: UnitRecord,
  share: number,
): void {
  for (const [at, { attribute, values }] of dimensions.entries()) {
    const known = attribute === SERVICE_SLICE ? undefined : values[slicePlace(slices, at)];
    if (known === undefined) continue;
    let counts = known.assignments.find((each) => each.share === share);
    if (counts === undefined) {
      counts = { share, treatment: 0, control: 0 };
      known.assignments.push(counts);
    }
    counts[arm] += 1;
  }
}

/** The unit in the last stage before this one that saw it. */
function earlierRecord(telemetry: RolloutTelemetry, stage: number, unit: UnitRecord) {
  for (let earlier = stage - 1; earlier >= 0; earlier--) {
    const cohort = telemetry.cohorts.get(earlier);
    const record = cohort?.units.find(unit);
    if (cohort !== undefined && record !== undefined) return { cohort, record };
  }
  return undefined;
}
