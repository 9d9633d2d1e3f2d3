import type { Allocation, Arm } from '@downhaul/engine';
import type { FrozenFigures } from '../../rollout/types.ts';
import { RowList } from './units/row-list.ts';
import type { UnitRecord } from './units/unit-record.ts';
import { UnitTable } from './units/unit-table.ts';

/**
 * All units of one stage, both arms, each from its first activity within the stage. Stage -1 is the
 * baseline and -2 the recovery, where everyone is control.
 */
export interface Cohort {
  readonly stage: number;
  readonly enteredAtMs: number;
  readonly allocations: readonly Allocation[];
  /** Figures frozen with the stage; nothing is judged without. */
  readonly frozen: FrozenFigures | undefined;
  units: UnitTable;
  /** Units by the batch that closes their next horizon. An entry that came too early does nothing. */
  readonly due: Map<number, RowList>;
  /** Units whose assignment no closed batch has counted yet. */
  newcomers: RowList;
  readonly counts: { control: number; treatment: number };
  /** Units seen in both arms; the arm seen first counts. */
  contradicted: number;
  /** Outcomes that could still count, and those that came when their batch had been closed as complete. */
  readonly outcomes: { received: number; late: number };
  /** Units first seen within `reactionTime` of the stage's beginning, by stratum: the traffic to expect. */
  readonly early: number[];
  /** False once the stage's units count no more: after a rollback, or after the baseline. */
  open: boolean;
}

export interface Sighting {
  readonly unit: string;
  readonly arm: Arm;
  readonly allocation: number;
  readonly atMs: number;
  /** As in `UnitRecord`. */
  readonly slices: number;
}

/** What a cohort needs to know of its rollout to place a unit. */
export interface CohortTiming {
  readonly horizonsMs: readonly number[];
  readonly reactionTimeMs: number;
  /** The batch that will close next. */
  readonly openBatch: number;
  /** The batch whose end is the first at or after a moment. */
  readonly batchEndingAfter: (atMs: number) => number;
  /** The values of a code of slices, to compare two by. */
  readonly sliceTexts: (code: number) => string;
}

export function createCohort(
  stage: Pick<Cohort, 'stage' | 'enteredAtMs' | 'allocations' | 'frozen'>,
): Cohort {
  return {
    ...stage,
    units: new UnitTable(),
    due: new Map(),
    newcomers: new RowList(),
    counts: { control: 0, treatment: 0 },
    contradicted: 0,
    outcomes: { received: 0, late: 0 },
    early: [],
    open: true,
  };
}

/**
 * Notes that a unit was served an arm. Which of several sightings came first is decided by their time,
 * never by their order of arrival, as long as no batch has counted the unit. Returns the record when
 * the unit is new to the cohort.
 */
export function noteSighting(
  cohort: Cohort,
  sighting: Sighting,
  timing: CohortTiming,
): UnitRecord | undefined {
  const known = cohort.units.get(sighting.unit);
  if (known !== undefined) {
    noteAgain(cohort, known, { sighting, timing });
    return undefined;
  }
  const record = cohort.units.add({
    unit: sighting.unit,
    arm: sighting.arm,
    allocation: sighting.allocation,
    firstAtMs: sighting.atMs,
    entered: 0,
    fresh: true,
    contradicted: false,
    early: isEarly(cohort, sighting.atMs, timing),
    treatedBefore: false,
    shareBefore: 0,
    slices: sighting.slices,
    outcomes: undefined,
    series: undefined,
  });
  cohort.counts[record.arm] += 1;
  countEarly(cohort, record, 1);
  cohort.newcomers.push(record.row);
  schedule(cohort, record, timing);
  return record;
}

/**
 * Notes a unit that was served before its stage ended and reported after. It is judged no more, but who
 * was exposed must be known in full: the last ones before a rollback above all.
 */
export function noteAfterClosing(cohort: Cohort, sighting: Sighting): void {
  if (cohort.units.get(sighting.unit) !== undefined) return;
  cohort.units.add({
    unit: sighting.unit,
    arm: sighting.arm,
    allocation: sighting.allocation,
    firstAtMs: sighting.atMs,
    entered: 0,
    fresh: false,
    contradicted: false,
    early: false,
    treatedBefore: false,
    shareBefore: 0,
    slices: sighting.slices,
    outcomes: undefined,
    series: undefined,
  });
  cohort.counts[sighting.arm] += 1;
}

function noteAgain(
  cohort: Cohort,
  record: UnitRecord,
  { sighting, timing }: { readonly sighting: Sighting; readonly timing: CohortTiming },
): void {
  if (sighting.arm !== record.arm && !record.contradicted) {
    record.contradicted = true;
    cohort.contradicted += 1;
  }
  if (!record.fresh || !isFirst(sighting, record, timing)) return;
  if (sighting.arm !== record.arm) {
    cohort.counts[record.arm] -= 1;
    cohort.counts[sighting.arm] += 1;
  }
  countEarly(cohort, record, -1);
  record.arm = sighting.arm;
  record.allocation = sighting.allocation;
  record.firstAtMs = sighting.atMs;
  record.slices = sighting.slices;
  record.early = isEarly(cohort, sighting.atMs, timing);
  countEarly(cohort, record, 1);
  schedule(cohort, record, timing);
}

/** In the same millisecond treatment comes first, then the lower stratum, then the slices’ texts: any fixed rule. */
function isFirst(sighting: Sighting, record: UnitRecord, { sliceTexts }: CohortTiming): boolean {
  if (sighting.atMs !== record.firstAtMs) return sighting.atMs < record.firstAtMs;
  if (sighting.arm !== record.arm) return sighting.arm === 'treatment';
  if (sighting.allocation !== record.allocation) return sighting.allocation < record.allocation;
  if (sighting.slices === record.slices) return false;
  return sliceTexts(sighting.slices) < sliceTexts(record.slices);
}

function isEarly(cohort: Cohort, atMs: number, timing: CohortTiming): boolean {
  return atMs <= cohort.enteredAtMs + timing.reactionTimeMs;
}

/** Adds a unit to the early ones of its stratum, or takes it away. */
export function countEarly(cohort: Cohort, record: UnitRecord, change: 1 | -1): void {
  if (!record.early) return;
  while (cohort.early.length <= record.allocation) cohort.early.push(0);
  cohort.early[record.allocation] = (cohort.early[record.allocation] ?? 0) + change;
}

/** Puts a unit where the batch that closes its next horizon will find it. */
export function schedule(cohort: Cohort, record: UnitRecord, timing: CohortTiming): void {
  const horizonMs = timing.horizonsMs[record.entered];
  if (horizonMs === undefined) return;
  const batch = Math.max(timing.openBatch, timing.batchEndingAfter(record.firstAtMs + horizonMs));
  let listed = cohort.due.get(batch);
  if (listed === undefined) cohort.due.set(batch, (listed = new RowList()));
  listed.push(record.row);
}

/** Draws the lists by batch and of newcomers from the units anew: counts do not depend on their order. */
export function relist(cohort: Cohort, timing: CohortTiming): void {
  cohort.due.clear();
  cohort.newcomers = new RowList();
  if (!cohort.open) return;
  for (const record of cohort.units.values()) {
    if (record.fresh) cohort.newcomers.push(record.row);
    schedule(cohort, record, timing);
  }
}
