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
  const tallies = new Map<string, AssignmentTally>();
  const { dimensions, cohorts } = telemetry;
  for (const record of takeNewcomers(cohort, endMs)) {
    if (cohort.stage < 0) continue;
    Object.assign(record, seenBefore(cohorts, cohort.stage, record));
    if (isMovedOut(cohorts, cohort.stage, record)) telemetry.dropped.movedOut += 1;
    const probability = probabilityOf(cohorts, cohort, record);
    if (probability === undefined) continue;
    tallyAssignment(tallies, { cohort, record, probability });
    for (const at of dimensions.keys()) countByValue(dimensions, at, { record, probability });
  }
  absorbFirstAssignments(
    telemetry,
    [...tallies.values()].sort(
      (one, other) => one.allocation - other.allocation || one.share - other.share,
    ),
  );
}

/** The same for units that are kept for the sake of one dimension's value: they count for it alone. */
export function countSurplusAssignments(
  { dimensions, surplus: { cohorts } }: RolloutTelemetry,
  cohort: Cohort,
  { endMs, dimension }: { readonly endMs: number; readonly dimension: number },
): void {
  for (const record of takeNewcomers(cohort, endMs)) {
    Object.assign(record, seenBefore(cohorts, cohort.stage, record));
    const probability = probabilityOf(cohorts, cohort, record);
    if (probability !== undefined) countByValue(dimensions, dimension, { record, probability });
  }
}

/** Those whose assignment the batch counts; from here on arm and beginning stand. */
function takeNewcomers(cohort: Cohort, endMs: number): UnitRecord[] {
  const counted: UnitRecord[] = [];
  const later = new RowList();
  for (const row of cohort.newcomers) {
    const record = cohort.units.at(row);
    if (record.firstAtMs <= endMs) counted.push(record);
    else later.push(row);
  }
  cohort.newcomers = later;
  for (const record of counted) record.fresh = false;
  return counted;
}

type Cohorts = ReadonlyMap<number, Cohort>;

function isMovedOut(cohorts: Cohorts, stage: number, record: UnitRecord): boolean {
  if (record.arm !== 'control') return false;
  return earlierRecord(cohorts, stage, record)?.record.arm === 'treatment';
}

/** The chance of treatment given what is known of the unit; undefined where nothing was left to chance. */
function probabilityOf(cohorts: Cohorts, cohort: Cohort, record: UnitRecord): number | undefined {
  const before = earlierRecord(cohorts, cohort.stage, record);
  if (before?.record.arm === 'treatment') return undefined;
  const share = shareOf(cohort.allocations, record.allocation);
  const shareBefore =
    before === undefined ? 0 : shareOf(before.cohort.allocations, before.record.allocation);
  if (share === undefined || shareBefore === undefined || shareBefore >= 1) return undefined;
  const probability = (share - shareBefore) / (1 - shareBefore);
  return probability <= 0 || probability >= 1 ? undefined : probability;
}

interface Assigned {
  readonly record: UnitRecord;
  readonly probability: number;
}

function tallyAssignment(
  tallies: Map<string, AssignmentTally>,
  { cohort, record, probability }: Assigned & { readonly cohort: Cohort },
): void {
  const { allocation } = record;
  const key = `${allocation}/${probability}`;
  let tally = tallies.get(key);
  if (tally === undefined) {
    tally = { stage: cohort.stage, allocation, share: probability, treatment: 0, control: 0 };
    tallies.set(key, tally);
  }
  tally[record.arm] += 1;
}

/** The same by value of an attribute; a service assigns nobody. */
function countByValue(
  dimensions: readonly SliceDimension[],
  at: number,
  { record: { arm, slices }, probability: share }: Assigned,
): void {
  const dimension = dimensions[at];
  if (dimension === undefined || dimension.attribute === SERVICE_SLICE) return;
  const known = dimension.values[slicePlace(slices, at)];
  if (known === undefined) return;
  let counts = known.assignments.find((each) => each.share === share);
  if (counts === undefined) {
    counts = { share, treatment: 0, control: 0 };
    known.assignments.push(counts);
  }
  counts[arm] += 1;
}

/** The unit in the last stage before this one that saw it. */
function earlierRecord(cohorts: Cohorts, stage: number, unit: UnitRecord) {
  for (let earlier = stage - 1; earlier >= 0; earlier--) {
    const cohort = cohorts.get(earlier);
    const record = cohort?.units.find(unit);
    if (cohort !== undefined && record !== undefined) return { cohort, record };
  }
  return undefined;
}
