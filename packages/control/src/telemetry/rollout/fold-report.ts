import type { ActivityItem, Arm, ExposureItem, OutcomeItem } from '@downhaul/engine';
import { type PendingOutcome, pendingOf } from '../outcome/pending.ts';
import type { EnvironmentTelemetry } from '../state.ts';
import { batchEndingAfter } from './batches.ts';
import {
  type Cohort,
  createCohort,
  noteAfterClosing,
  noteSighting,
  type Sighting,
} from './cohort.ts';
import type { HashWords } from './units/hash-words.ts';
import type { UnitRecord } from './units/unit-record.ts';
import { BASELINE_STAGE, couldAssign, entryAt, RECOVERY_STAGE } from './history.ts';
import { isExcluded } from './excluded.ts';
import { noteOutcomeHarm } from './harm-told.ts';
import { isMeasured, narrowSlice } from './slice.ts';
import { servicePlace, sliceCode } from './slice-dimension.ts';
import { surplusCohort, thinningOf } from './surplus.ts';
import { timingOf } from './timing.ts';
import type { Heard, RolloutTelemetry } from './types.ts';
import { noteReading, type ReadItem, worstValue } from './readings.ts';
import { noteOutcome } from './unit-outcomes.ts';

/** Where an item came from. */
export interface ReportSource {
  readonly environment: EnvironmentTelemetry;
  readonly service: string;
  /** `instanceKey` or `senderKey`. */
  readonly instance: string;
  readonly sequence: number;
  readonly run: number;
  readonly maxUnits: number;
}

/** An exposure joins its stage's cohort, with the outcomes of the unit that came before it. */
export function foldExposure(
  telemetry: RolloutTelemetry,
  item: ExposureItem,
  source: ReportSource,
): void {
  if (!isPossible(telemetry, item)) {
    telemetry.dropped.impossibleArm += 1;
    return;
  }
  // A use is one whoever tells of it: no proof goes without it.
  if (item.arm === 'treatment') noteUse(telemetry, item.atMs, source);
  if (isExcluded(telemetry, source.service, source.instance)) return;
  noteHeard(telemetry.heard, item.stage, { arm: item.arm, atMs: item.atMs, signs: 1 });
  const cohort = cohortOf(telemetry, item.stage);
  if (cohort === undefined) {
    telemetry.dropped.closedStage += 1;
    return;
  }
  noteService(telemetry, item.stage, source.service);
  const sighting = { ...item, slices: sliceCode(telemetry.dimensions, item.slices) };
  if (!isMeasured(item.unit, telemetry.slice)) {
    foldSurplus(telemetry, { beside: cohort, sighting }, source);
    return;
  }
  if (!cohort.open) {
    noteAfterClosing(cohort, sighting);
    narrowSlice(telemetry, source.maxUnits);
    return;
  }
  const record = noteSighting(cohort, sighting, timingOf(telemetry));
  if (record === undefined) return;
  for (const outcome of pendingOf(source.environment.pending, item.unit)) {
    if (!counts(telemetry, outcome)) continue;
    countOutcome(telemetry, cohort, { record, atMs: outcome.atMs });
    noteOutcomeHarm(telemetry, cohort, { ...outcome, unit: item.unit });
    keepOutcome(telemetry, record, outcome);
  }
  narrowSlice(telemetry, source.maxUnits);
}

/** A unit beyond the measured slice is kept for the sake of its value, or not at all. */
function foldSurplus(
  telemetry: RolloutTelemetry,
  { beside, sighting }: { readonly beside: Cohort; readonly sighting: Sighting },
  source: ReportSource,
): void {
  if (!beside.open || beside.stage < 0) return;
  if (!isMeasured(sighting.unit, thinningOf(telemetry, sighting.slices))) return;
  const cohort = surplusCohort(telemetry, beside);
  const record = noteSighting(cohort, sighting, timingOf(telemetry));
  if (record === undefined) return;
  for (const outcome of pendingOf(source.environment.pending, sighting.unit)) {
    if (counts(telemetry, outcome)) keepOutcome(telemetry, record, outcome);
  }
  narrowSlice(telemetry, source.maxUnits);
}

/** By whom an outcome was told, and of whom. */
interface OutcomeSource {
  readonly service: string;
  /** `instanceKey` or `senderKey`. */
  readonly instance: string;
  readonly words: HashWords;
}

/** An outcome counts in every stage that has seen the unit and still waits for a horizon of it. */
export function foldOutcome(
  telemetry: RolloutTelemetry,
  item: OutcomeItem,
  { service, instance, words }: OutcomeSource,
): void {
  if (!isOfInterest(telemetry, item) || isExcluded(telemetry, service, instance)) return;
  const { atMs } = item;
  const horizons = telemetry.horizonsMs.length;
  for (const cohort of telemetry.surplus.cohorts.values()) {
    const record = cohort.open ? cohort.units.find(words) : undefined;
    if (record === undefined || record.entered >= horizons) continue;
    keepOutcome(telemetry, record, { ...item, service });
  }
  for (const cohort of telemetry.cohorts.values()) {
    const record = cohort.open ? cohort.units.find(words) : undefined;
    if (record === undefined) continue;
    const sign = { arm: record.arm, atMs: item.atMs, signs: 1 };
    noteHeard(telemetry.heard, cohort.stage, sign);
    noteHeard(telemetry.outcomesHeard, cohort.stage, sign);
    noteService(telemetry, cohort.stage, service);
    countOutcome(telemetry, cohort, { record, atMs });
    noteOutcomeHarm(telemetry, cohort, { ...item, service, instance });
    if (record.entered < horizons) keepOutcome(telemetry, record, { ...item, service });
    else if (item.atMs <= record.firstAtMs + longestHorizonMs(telemetry))
      telemetry.dropped.lateOutcomes += 1;
  }
}

/** Repeated evaluations: a sign of life of the arm, and for proofs the last use of treatment. */
export function foldActivity(
  telemetry: RolloutTelemetry,
  item: ActivityItem,
  source: ReportSource,
): void {
  if (item.count <= 0) return;
  if (item.arm === 'treatment') noteUse(telemetry, item.lastAtMs, source);
  if (isExcluded(telemetry, source.service, source.instance)) return;
  noteHeard(telemetry.heard, item.stage, {
    arm: item.arm,
    atMs: item.lastAtMs,
    signs: item.count,
  });
}

/**
 * Counts an outcome once per stage that knows its unit, whichever of the two arrived first. Late is one
 * of a horizon that a batch has closed without it, although nobody's report was known to be missing.
 */
function countOutcome(
  telemetry: RolloutTelemetry,
  cohort: Cohort,
  { record, atMs }: { readonly record: UnitRecord; readonly atMs: number },
): void {
  const sinceMs = atMs - record.firstAtMs;
  // Until a batch has counted the unit an earlier sighting may still move its beginning.
  if (!record.fresh && sinceMs > longestHorizonMs(telemetry)) return;
  cohort.outcomes.received += 1;
  const closedMs = telemetry.horizonsMs[record.entered - 1];
  if (closedMs === undefined || sinceMs < 0 || sinceMs > closedMs) return;
  const batch = batchEndingAfter(telemetry, record.firstAtMs + closedMs);
  const closed = telemetry.recent.findLast((each) => each.batch === batch);
  // A batch that was known to be incomplete has shown nothing that this outcome could take back.
  if (closed?.complete !== false) cohort.outcomes.late += 1;
}

/** The services that the baseline knows are those that must go on reporting. */
function noteService({ baselineServices }: RolloutTelemetry, stage: number, service: string): void {
  if (stage === BASELINE_STAGE && !baselineServices.includes(service)) {
    baselineServices.push(service);
  }
}

/** Whether the snapshot that decided an exposure could give the unit its arm. */
export function isPossible(telemetry: RolloutTelemetry, item: ExposureItem): boolean {
  const entry = entryAt(telemetry.history, item.version);
  return entry !== undefined && couldAssign(entry, item);
}

/** The recovery of a flag that is down begins with the first unit seen in it. */
function cohortOf(telemetry: RolloutTelemetry, stage: number): Cohort | undefined {
  const known = telemetry.cohorts.get(stage);
  if (known !== undefined || stage !== RECOVERY_STAGE) return known;
  const { rollout } = telemetry;
  const cohort = createCohort({
    stage,
    enteredAtMs: rollout.statusSinceMs,
    allocations: rollout.allocations,
    frozen: rollout.frozen,
  });
  telemetry.cohorts.set(stage, cohort);
  return cohort;
}

/** Whether the rollout keeps outcomes of this name at all. */
function isOfInterest(
  { rollout, readings }: RolloutTelemetry,
  { metric, flag }: Pick<OutcomeItem, 'metric' | 'flag'>,
): boolean {
  return (flag === undefined || flag === rollout.flag) && readings.has(metric);
}

/** Whether an outcome that came before its unit counts, now that the unit is known. */
function counts(telemetry: RolloutTelemetry, outcome: PendingOutcome): boolean {
  const { service, instance } = outcome;
  return isOfInterest(telemetry, outcome) && !isExcluded(telemetry, service, instance);
}

/** Keeps an outcome for every metric that reads it. */
function keepOutcome(
  telemetry: RolloutTelemetry,
  record: UnitRecord,
  item: ReadItem & { readonly service: string },
): void {
  const { metrics, dimensions, readings } = telemetry;
  for (const reading of readings.get(item.metric) ?? []) {
    if (reading.into === 'series') {
      noteReading(record, reading, item);
      continue;
    }
    const metric = reading.metric + metrics.size * servicePlace(dimensions, item.service);
    const outcome = { metric, atMs: item.atMs, value: worstValue(reading, item) };
    noteOutcome(record, outcome, longestHorizonMs(telemetry));
  }
}

/** The last use of treatment by an instance, for the proof that it is silent. */
export function noteUse(
  { treatmentUse }: RolloutTelemetry,
  atMs: number,
  { instance, sequence, run }: ReportSource,
): void {
  const use = treatmentUse.get(instance);
  if (use === undefined) {
    treatmentUse.set(instance, { atMs, sequence, ...(run > 0 ? { run } : {}) });
    return;
  }
  const usedIn = use.run ?? 0;
  use.atMs = Math.max(use.atMs, atMs);
  if (run === usedIn) use.sequence = Math.max(use.sequence, sequence);
  if (run <= usedIn) return;
  use.sequence = sequence;
  use.run = run;
}

function noteHeard(
  heard: Heard,
  stage: number,
  { arm, atMs, signs }: { readonly arm: Arm; readonly atMs: number; readonly signs: number },
): void {
  if (heard.stage !== stage) return;
  heard.lastAtMs[arm] = Math.max(heard.lastAtMs[arm], atMs);
  heard.signs[arm] += signs;
}

function longestHorizonMs(telemetry: RolloutTelemetry): number {
  return telemetry.horizonsMs.at(-1) ?? 0;
}
