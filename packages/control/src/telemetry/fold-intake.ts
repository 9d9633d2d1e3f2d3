import type { ExposureItem, OutcomeItem, TelemetryReport } from '@downhaul/engine';
import { foldCountedItem, foldFault } from './counted/fold-counted.ts';
import { itemOfPoint, noteEarlierRelease } from './counted/fold-points.ts';
import type { CountedItem } from './counted/types.ts';
import { forgetOldSenders, noteSender, senderKey } from './counted/sender.ts';
import {
  acknowledgeVersion,
  countReport,
  describeSdk,
  foldContact,
  foldStreamsWritten,
  heardFrom,
  noteToken,
  revive,
} from './instance/fold-contact.ts';
import { forgetOldFaults } from './fault/fault-of.ts';
import { type FaultListener, noteFault } from './fault/note-fault.ts';
import { clockAheadMs, noteClock } from './instance/clock.ts';
import { flagsReported, flagsTold, noteEvaluated } from './instance/evaluated.ts';
import { instanceKey } from './instance/instance-key.ts';
import { forgetOldInstances, leave, retireToken } from './instance/leaving.ts';
import { noteReading } from './instance/reading.ts';
import { receiveSequence } from './instance/receive-sequence.ts';
import { beginRun } from './instance/run-of.ts';
import type { InstanceState } from './instance/types.ts';
import { noteCoverage } from './instance/reported-through.ts';
import { type MeasuredRollouts, measuredRollouts } from './measured/measured-rollouts.ts';
import { keepPending, turnPending } from './outcome/pending.ts';
import { closeBatch } from './rollout/close-batch.ts';
import { foldRolloutChange, forgetOldRollouts } from './rollout/fold-change.ts';
import {
  foldActivity,
  foldExposure,
  foldOutcome,
  noteUse,
  type ReportSource,
} from './rollout/fold-report.ts';
import {
  foldSyntheticActivity,
  foldSyntheticExposure,
  foldSyntheticOutcome,
} from './rollout/synthetic.ts';
import { isExcluded } from './rollout/excluded.ts';
import { noteCountedHarm } from './rollout/harm-told.ts';
import type { RolloutTelemetry } from './rollout/types.ts';
import { hashWords } from './rollout/units/hash-words.ts';
import { noteSliceService } from './rollout/slice-dimension.ts';
import {
  type EnvironmentTelemetry,
  environmentKey,
  environmentTelemetry,
  type MetricArrival,
  type TelemetryState,
} from './state.ts';
import { noteCounted, noteHours } from './hours/note-hours.ts';
import { noteLosses } from './losses/note-losses.ts';
import { noteTraffic } from './traffic/traffic-window.ts';
import type { IntakeRow } from './types.ts';

type Row<Type extends IntakeRow['type']> = Extract<IntakeRow, { type: Type }>;

/**
 * Folds one row of the intake into the state, in place. Rows must come in the order of their
 * sequence; a row at or below `throughSequence` is ignored, so replaying an overlap is harmless.
 * The same rows lead to the same state, bit for bit (invariant 8). What cannot be folded never throws: it
 * becomes a fault of the rollout that it belongs to, and the rest of the row is folded (`fault/`).
 */
export function foldIntake(
  state: TelemetryState,
  row: IntakeRow,
  onFault: FaultListener = () => undefined,
): void {
  if (row.sequence <= state.throughSequence) return;
  state.throughSequence = row.sequence;
  state.atMs = row.atMs;
  const note: NoteFault = (rollout, error) => onFault(noteFault(state, { rollout, error }), error);
  try {
    foldRow(state, row, note);
  } catch (error) {
    note(row.type === 'rolloutChanged' ? row.change.rollout.id : undefined, error);
  }
}

/** Counts a stored row that is no row at all: its place is taken, and the fault is kept. */
export function passOver(
  state: TelemetryState,
  { sequence, atMs, error }: Pick<IntakeRow, 'sequence' | 'atMs'> & { readonly error: unknown },
): void {
  if (sequence <= state.throughSequence) return;
  state.throughSequence = sequence;
  state.atMs = atMs;
  noteFault(state, { error });
}

/** Takes what was thrown while a part of a row was folded: for a rollout, or for none in particular. */
type NoteFault = (rollout: string | undefined, error: unknown) => void;

function foldRow(state: TelemetryState, row: IntakeRow, note: NoteFault): void {
  switch (row.type) {
    case 'report':
      return foldReport(state, row, note);
    case 'acknowledgement':
      return foldAcknowledgement(state, row);
    case 'goodbye':
      return leave(
        environmentTelemetry(state, row.scope),
        { instance: row.goodbye.instance, service: row.scope.service },
        { why: 'goodbye', atMs: row.atMs },
      );
    case 'contact':
      return foldContact(environmentTelemetry(state, row.scope), row);
    case 'streamsWritten':
      return foldStreamsWritten(environmentTelemetry(state, row), row);
    case 'counted':
      return foldCounted(state, row, note);
    case 'batchClosed':
      return foldBatchClosed(state, row, note);
    case 'rolloutChanged':
      return foldRolloutChange(state, row.change);
    case 'instanceLeft':
      return leave(environmentTelemetry(state, row), row, { why: row.why, atMs: row.atMs });
    case 'tokenRetired':
      return retireToken(environmentTelemetry(state, row), row);
    default:
      throw new Error(`a row of type «${String((row as { type: unknown }).type)}» is not known`);
  }
}

function foldReport(state: TelemetryState, row: Row<'report'>, note: NoteFault): void {
  const { scope, report, atMs, run = 0 } = row;
  const environment = environmentTelemetry(state, scope);
  const instance = heardFrom(environment, report.instance, row);
  // A clock that is ahead by less than is corrected must not promise what has not happened yet.
  const throughMs = Math.min(report.throughMs ?? report.sentAtMs, atMs);
  // Also of a report that was received before: that it was evaluated is never wrong.
  noteEvaluated(environment, scope.service, flagsReported(report));
  if (run >= (instance.run ?? 0) && !noteReport(instance, row, throughMs)) return;
  turnPending(environment.pending, atMs, state.options);
  turnPending(environment.syntheticPending, atMs, {
    ...state.options,
    maxPendingUnits: SYNTHETIC_PENDING,
  });
  const source = {
    environment,
    service: scope.service,
    instance: instanceKey(scope.service, report.instance),
    sequence: report.sequence,
    run,
    maxUnits: state.options.maxUnits,
    note,
  };
  const { exposures, outcomes } = report.dropped;
  const own = { rollout: '', cause: 'sdk_queue', items: exposures + outcomes };
  const loser = { service: scope.service, instance: report.instance, atMs };
  noteLosses(environment.losses, [...(row.losses ?? []), own], loser);
  foldItems(state, report, source);
  noteMetrics(environment, scope.service, report);
  noteTraffic(environment, report.traffic, { service: scope.service, throughMs });
  noteHours(environment.hours, report.traffic, { service: scope.service, throughMs });
}

/** What a report says of its instance; false for one that was received before. */
function noteReport(instance: InstanceState, row: Row<'report'>, throughMs: number): boolean {
  const { scope, report, atMs, clockCorrectionMs = 0, run = 0 } = row;
  const { sequence } = report;
  if (run > (instance.run ?? 0)) beginRun(instance, run, { sequence, throughMs });
  const { lastSequence } = instance;
  if (!receiveSequence(instance, sequence)) return false;
  noteToken(instance, scope);
  const differenceMs = atMs - report.sentAtMs + clockCorrectionMs;
  noteClock(instance, differenceMs, atMs);
  noteCoverage(instance, { lastSequence, sequence, throughMs }, atMs);
  revive(instance, atMs - differenceMs + clockAheadMs(instance, differenceMs));
  if (report.exposures.length + report.activity.length > 0) instance.reportsExposures = true;
  if (report.evaluates !== undefined) instance.tellsEvaluations = true;
  else delete instance.tellsEvaluations;
  instance.reportsReceived += 1;
  instance.lastReportAtMs = atMs;
  instance.dropped += report.dropped.exposures + report.dropped.outcomes;
  countReport(instance, report.version);
  acknowledgeVersion(instance, report.version, atMs);
  return true;
}

/** Synthetic units kept with outcomes but without an exposure, per environment. */
const SYNTHETIC_PENDING = 10_000;

/** How often an environment looks for what may be forgotten. */
const PRUNE_MS = 3_600_000;

/** Names of tracked metrics come from code: a service that makes them up is not followed further. */
const MAX_METRICS = 200;

type ToldItems = Pick<TelemetryReport, 'exposures' | 'outcomes' | 'activity'>;

interface ItemSource extends ReportSource {
  readonly note: NoteFault;
}

/** Exposures first, so that a report's own outcomes find their units. */
function foldItems(state: TelemetryState, report: ToldItems, source: ItemSource): void {
  const key = environmentKey(source.environment);
  const measured = measuredRollouts(state, source.environment);
  for (const telemetry of measured.all) noteSliceService(telemetry.dimensions, source.service);
  for (const item of report.exposures) {
    const telemetry = state.rollouts.get(item.rollout);
    if (telemetry?.environmentKey !== key) continue;
    try {
      foldExposureItem(measured, telemetry, { item, source });
    } catch (error) {
      source.note(telemetry.id, error);
    }
  }
  for (const item of report.activity) {
    const telemetry = state.rollouts.get(item.rollout);
    if (telemetry?.environmentKey !== key) continue;
    try {
      if (item.synthetic === true) foldSyntheticActivity(telemetry, item, source);
      else foldActivity(telemetry, item, source);
    } catch (error) {
      source.note(telemetry.id, error);
    }
  }
  for (const item of report.outcomes) foldOutcomeItem(measured, item, source);
}

function foldExposureItem(
  measured: MeasuredRollouts,
  telemetry: RolloutTelemetry,
  { item, source }: { readonly item: ExposureItem; readonly source: ReportSource },
): void {
  if (item.synthetic === true) return foldSyntheticExposure(telemetry, item, source);
  measured.noteUnit(hashWords(item.unit), telemetry);
  foldExposure(telemetry, item, source);
}

/** In every measured rollout that knows the unit, and kept for units that none knows yet. */
function foldOutcomeItem(measured: MeasuredRollouts, item: OutcomeItem, source: ItemSource): void {
  const { environment, service, instance, note } = source;
  if (item.synthetic === true) {
    keepPending(environment.syntheticPending, item, source);
    for (const telemetry of measured.all) foldSyntheticOutcome(telemetry, item, source);
    return;
  }
  keepPending(environment.pending, item, source);
  const words = hashWords(item.unit);
  measured.forEachOf(words, (telemetry) => {
    try {
      foldOutcome(telemetry, item, { service, instance, words });
    } catch (error) {
      note(telemetry.id, error);
    }
  });
}

function noteMetrics(
  environment: EnvironmentTelemetry,
  service: string,
  report: Pick<TelemetryReport, 'outcomes'>,
): void {
  let arrivals = environment.metrics.get(service);
  if (arrivals === undefined) {
    arrivals = new Map<string, MetricArrival>();
    environment.metrics.set(service, arrivals);
  }
  for (const { metric, atMs, synthetic } of report.outcomes) {
    if (synthetic === true) continue;
    const arrival = arrivals.get(metric);
    if (arrival === undefined) {
      if (arrivals.size < MAX_METRICS) arrivals.set(metric, { lastAtMs: atMs, items: 1 });
    } else {
      arrival.lastAtMs = Math.max(arrival.lastAtMs, atMs);
      arrival.items += 1;
    }
  }
}

/** What a source of another make counted, for the rollouts of its environment alone. */
function foldCounted(state: TelemetryState, row: Row<'counted'>, note: NoteFault): void {
  const { scope, atMs } = row;
  const { service } = scope;
  const environment = environmentTelemetry(state, scope);
  const key = environmentKey(environment);
  const here = (id: string) => {
    const telemetry = state.rollouts.get(id);
    return telemetry?.environmentKey === key ? telemetry : undefined;
  };
  noteSender(environment, row, { scope, atMs });
  noteEvaluated(
    environment,
    service,
    flagsTold(row, (id) => here(id)?.rollout.flag),
  );
  const instance = row.sender && senderKey({ service, instance: row.sender.instance });
  const count = (telemetry: RolloutTelemetry, item: CountedItem): void => {
    if (isExcluded(telemetry, service, instance)) return;
    if (!foldCountedItem(telemetry, item, row.source)) return;
    if (service !== '') noteCountedHarm(telemetry, item, { service, instance });
    noteItemHours(environment, item, service || (telemetry.affects[0] ?? row.source));
  };
  const counting = { here, count, note };
  foldCountedItems(row, counting);
  for (const fault of row.faults ?? []) {
    const telemetry = here(fault.rollout);
    if (telemetry !== undefined) foldFault(telemetry, fault);
  }
  if (row.sender === undefined) return;
  const source = {
    environment,
    service,
    instance: instance ?? '',
    sequence: 0,
    run: 0,
    maxUnits: state.options.maxUnits,
    note,
  };
  for (const { rollout, atMs: usedAtMs } of row.uses ?? []) {
    const telemetry = here(rollout);
    if (telemetry !== undefined) noteUse(telemetry, usedAtMs, source);
  }
  foldPoints(row, source, counting);
  turnPending(environment.pending, atMs, state.options);
  const told = { exposures: row.exposures ?? [], outcomes: row.outcomes ?? [], activity: [] };
  foldItems(state, told, source);
  noteMetrics(environment, service, told);
  noteOtlpTraffic(environment, row, { service, throughMs: Math.min(row.sender.throughMs, atMs) });
}

interface Counting {
  readonly here: (rollout: string) => RolloutTelemetry | undefined;
  readonly count: (telemetry: RolloutTelemetry, item: CountedItem) => void;
  readonly note: NoteFault;
}

function foldCountedItems({ items }: Row<'counted'>, { here, count, note }: Counting): void {
  for (const item of items) {
    const telemetry = here(item.rollout);
    if (telemetry === undefined) continue;
    try {
      noteEarlierRelease(telemetry, item);
      count(telemetry, item);
    } catch (error) {
      note(telemetry.id, error);
    }
  }
}

/** Points of instruments add what they grew since their series was told of last. */
function foldPoints(
  { points = [], sender, atMs }: Row<'counted'>,
  source: ReportSource,
  { here, count, note }: Counting,
): void {
  const placeMs = sender?.placeMs ?? 0;
  const isNamed = sender?.differenceMs !== undefined;
  const from = { sender: source.instance, isNamed, placeMs, atMs };
  for (const point of points) {
    const telemetry = here(point.rollout);
    if (telemetry === undefined) continue;
    try {
      const item = itemOfPoint(telemetry, point, from);
      if (item === undefined) continue;
      if (item.arm === 'treatment') noteUse(telemetry, item.toMs, source);
      count(telemetry, item);
    } catch (error) {
      note(telemetry.id, error);
    }
  }
}

/** The history of a metric, for error budgets: both arms together are the whole service. */
function noteItemHours(
  { hours }: EnvironmentTelemetry,
  { metric, toMs: startMs, exposure: count, events: bad }: CountedItem,
  service: string,
): void {
  // A value is no part of anything.
  if (bad <= count) noteCounted(hours, { service, metric, startMs, count, bad });
}

function noteOtlpTraffic(
  environment: EnvironmentTelemetry,
  { traffic }: Row<'counted'>,
  at: { readonly service: string; readonly throughMs: number },
): void {
  if (traffic === undefined || traffic.count === 0) return;
  const { count, bad } = traffic;
  const metrics = { 'http.error_rate': { count, bad }, 'http.latency': { count, bad: 0 } };
  const told = { sinceMs: at.throughMs, units: 0, metrics };
  noteTraffic(environment, told, at);
  noteHours(environment.hours, told, at);
}

function foldAcknowledgement(state: TelemetryState, row: Row<'acknowledgement'>): void {
  const { acknowledgement, scope, atMs } = row;
  const environment = environmentTelemetry(state, scope);
  const instance = heardFrom(environment, acknowledgement.instance, row);
  noteToken(instance, scope);
  const differenceMs = atMs - acknowledgement.sentAtMs;
  noteClock(instance, differenceMs, atMs);
  revive(instance, acknowledgement.sentAtMs + clockAheadMs(instance, differenceMs));
  noteReading(instance, acknowledgement, atMs);
  // Who refuses its first version uses none.
  if (acknowledgement.version > 0) acknowledgeVersion(instance, acknowledgement.version, atMs);
  else if (instance.class !== 'ephemeral') instance.class = 'acking';
  describeSdk(instance, acknowledgement);
}

function foldBatchClosed(state: TelemetryState, row: Row<'batchClosed'>, note: NoteFault): void {
  const telemetry = state.rollouts.get(row.rollout);
  if (telemetry === undefined) return;
  const environment = environmentTelemetry(state, telemetry.rollout);
  const { options } = state;
  try {
    closeBatch(telemetry, { batch: row.batch, closedAtMs: row.atMs, environment, options });
  } catch (error) {
    note(telemetry.id, error);
  }
  if (row.atMs - environment.prunedAtMs < PRUNE_MS) return;
  environment.prunedAtMs = row.atMs;
  forgetOldInstances(environment, row.atMs - state.options.instanceRetentionMs);
  forgetOldSenders(environment, row.atMs);
  forgetOldRollouts(state, row.atMs - state.options.rolloutRetentionMs);
  forgetOldFaults(state, row.atMs - state.options.rolloutRetentionMs);
}
