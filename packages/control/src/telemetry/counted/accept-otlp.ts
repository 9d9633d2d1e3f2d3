import {
  type Arm,
  type ExposureItem,
  latencyBucketOf,
  type OutcomeItem,
  unitHash,
} from '@downhaul/engine';
import { couldServe, entryAt, type HistoryEntry } from '../rollout/history.ts';
import { batchEndingAfter } from '../rollout/batches.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';
import { environmentKey, type TelemetryState } from '../state.ts';
import type { TelemetryScope } from '../types.ts';
import { countPoints } from './count-points.ts';
import { createTally, type Tally } from './tally.ts';
import { senderName } from './sender.ts';
import type {
  CountedBody,
  Joined,
  OtlpDrop,
  RefusedShape,
  ToldBy,
  ToldPoint,
  ToldRequest,
} from './types.ts';

export interface ReceivedOtlp {
  readonly scope: TelemetryScope;
  readonly instance: string;
  readonly joined: readonly Joined[];
  /** All requests of the export, measured or not; none where more of it follows. */
  readonly requests: readonly ToldRequest[];
  readonly points: readonly ToldPoint[];
  /** What named a flag and cannot be counted by its shape. */
  readonly refused?: readonly RefusedShape[];
  /** What was added to the times of evaluations and requests; points have their own still. */
  readonly placeMs?: number;
  /** End of the newest thing that the process has told of; 0 where more of the export follows. */
  readonly throughMs: number;
  /** When the export was received less the newest time in it, where the process has a name of its own. */
  readonly differenceMs?: number;
  /** By how much times were moved for a clock that may be behind, and may as well be a delay. */
  readonly unprovenMs?: number;
  readonly unitSalt: string;
  /** The store's clock. */
  readonly receivedAtMs: number;
}

export interface AcceptedOtlp {
  /** Absent where nothing is worth a row. */
  readonly body?: CountedBody;
  readonly dropped: Readonly<Partial<Record<OtlpDrop, number>>>;
  /** Why items are refused, for whoever told them, and how many of each. */
  readonly refusals: ReadonlyMap<string, number>;
}

const TOLERATED_MS = 1_000;
/** A process that tells more of times that cannot be has not told what it saw. */
const LOST_SHARE = 0.01;

/**
 * What an export tells of the rollouts that are measured, all times on the store's clock. An evaluation is of the stage of the version it
 * names, else of the stage in force at its time. Evaluations that name their unit become exposures and
 * outcomes of distinct units; every request is counted for the metrics that count by request. Pure.
 */
export function acceptOtlp(state: TelemetryState, received: ReceivedOtlp): AcceptedOtlp {
  const tally = createTally();
  const environment = state.environments.get(environmentKey(received.scope));
  const measured = (environment?.measured ?? []).flatMap((id) => state.rollouts.get(id) ?? []);
  for (const joined of received.joined) {
    for (const telemetry of measured) {
      if (telemetry.rollout.flag === joined.evaluation.flag) {
        acceptJoined(tally, { telemetry, joined, received });
      }
    }
  }
  const { refused = [], receivedAtMs, placeMs = 0 } = received;
  const isPast = ({ timeMs }: ToldPoint) => timeMs + placeMs <= receivedAtMs + TOLERATED_MS;
  const points = received.points.filter(isPast);
  if (points.length < received.points.length) {
    dropFuture(tally, received.points.length - points.length);
  }
  const sender = senderName({ service: received.scope.service, instance: received.instance });
  for (const telemetry of measured) {
    countPoints(tally, telemetry, { sender, points, refused, receivedAtMs });
  }
  const body = bodyOf(tally, received);
  const { dropped, refusals } = tally;
  return { ...(body === undefined ? {} : { body }), dropped, refusals };
}

function dropFuture(tally: Tally, items: number): void {
  tally.drop('future', items);
  tally.refuse('A time is more than a day ahead of the clock of this server.', items);
}

interface Told {
  readonly telemetry: RolloutTelemetry;
  readonly joined: Joined;
  readonly received: ReceivedOtlp;
}

function acceptJoined(tally: Tally, told: Told): void {
  const { telemetry, joined, received } = told;
  const { evaluation, request } = joined;
  const atMs = Math.max(evaluation.atMs, request?.endMs ?? 0);
  if (atMs > received.receivedAtMs + TOLERATED_MS) return dropFuture(tally, 1);
  const arm = armOf(telemetry, evaluation.variant);
  if (arm === undefined) return tally.otherVariant(evaluation);
  if (arm === 'treatment') tally.use(telemetry.id, atMs);
  const entry = entryOf(telemetry, evaluation);
  if (entry === undefined || !couldServe(entry, arm)) {
    return tally.drop('arm_impossible');
  }
  if (request !== undefined) countRequest(tally, { telemetry, arm, entry, request });
  if (evaluation.unit !== undefined) tellUnit(tally, told, { arm, entry });
}

function armOf({ rollout }: RolloutTelemetry, variant: string): Arm | undefined {
  if (variant === rollout.to) return 'treatment';
  return variant === rollout.control ? 'control' : undefined;
}

function entryOf(
  { history }: RolloutTelemetry,
  { version, atMs }: Joined['evaluation'],
): HistoryEntry | undefined {
  const named = version === undefined ? undefined : entryAt(history, version);
  return named ?? history.findLast((entry) => entry.atMs <= atMs);
}

function countRequest(
  tally: Tally,
  {
    telemetry,
    arm,
    entry,
    request,
  }: {
    readonly telemetry: RolloutTelemetry;
    readonly arm: Arm;
    readonly entry: HistoryEntry;
    readonly request: ToldRequest;
  },
): void {
  for (const { metric, source } of telemetry.counted.metrics) {
    if (source.type !== 'otlp' || source.instrument !== undefined) continue;
    const bad =
      source.of === 'errors' ? request.failed : request.durationMs > (source.aboveMs ?? Infinity);
    tally.count({
      rollout: telemetry.id,
      metric,
      arm,
      stage: entry.stage,
      fromMs: request.endMs,
      toMs: request.endMs,
      batch: batchEndingAfter(telemetry, request.endMs),
      exposure: 1,
      events: bad ? 1 : 0,
    });
  }
}

/** As our SDK would tell it; only where the unit and its stratum are known. */
function tellUnit(
  tally: Tally,
  { telemetry, joined, received }: Told,
  { arm, entry }: { readonly arm: Arm; readonly entry: HistoryEntry },
): void {
  const { evaluation, request } = joined;
  const oneStratum = entry.stage < 0 || entry.allocations.length === 1;
  if (telemetry.plan.unit !== 'targetingKey' || !oneStratum) return refuseUnit(tally);
  const sureAtMs = evaluation.atMs - (received.unprovenMs ?? 0);
  if (isUnsettled(telemetry, { ...evaluation, atMs: sureAtMs }, entry)) {
    return tally.drop('unsettled');
  }
  const unit = unitHash(received.unitSalt, evaluation.unit ?? '');
  if (request === undefined) {
    const exposure: ExposureItem = {
      flag: evaluation.flag,
      rollout: telemetry.id,
      stage: entry.stage,
      allocation: 0,
      arm,
      served: true,
      version: entry.version,
      unit,
      atMs: evaluation.atMs,
    };
    tally.exposures.push(exposure);
    return;
  }
  const { endMs: atMs, failed, durationMs } = request;
  const outcomes: readonly OutcomeItem[] = [
    { unit, metric: 'http.error_rate', atMs, value: failed ? 1 : 0 },
    { unit, metric: 'http.latency', atMs, value: latencyBucketOf(durationMs) },
  ];
  tally.outcomes.push(...outcomes);
}

/**
 * Right after a change some processes still serve the shares of before. A unit that they placed would be held
 * against shares that did not place it, and look like one that is missing from treatment. So where no
 * version is named, none counts for a batch's length after a change.
 */
function isUnsettled(
  { plan }: RolloutTelemetry,
  { version, atMs }: Joined['evaluation'],
  entry: HistoryEntry,
): boolean {
  return version === undefined && entry.stage >= 0 && atMs < entry.atMs + plan.batchMs;
}

/** Requests of it count all the same, where a metric counts them. */
function refuseUnit(tally: Tally): void {
  tally.drop('unit_unusable');
  tally.refuse(
    'Users that OTLP names are counted where the plan has `unit: targetingKey` and one audience per stage alone.',
    0,
  );
}

function bodyOf(tally: Tally, received: ReceivedOtlp): CountedBody | undefined {
  const { requests, points } = received;
  const items = tally.items();
  const { exposures, outcomes } = tally;
  const faults = tally.faults();
  const isEmpty = items.length + exposures.length + outcomes.length + requests.length === 0;
  const { future = 0 } = tally.dropped;
  if (isEmpty && points.length + faults.length + future === 0) return undefined;
  return {
    source: 'otlp',
    items,
    ...(tally.points.length > 0 ? { points: tally.points } : {}),
    ...(faults.length > 0 ? { faults } : {}),
    sender: senderOf(tally, received),
    ...(exposures.length > 0 ? { exposures } : {}),
    ...(outcomes.length > 0 ? { outcomes } : {}),
    ...(tally.uses.size > 0
      ? { uses: [...tally.uses].map(([rollout, atMs]) => ({ rollout, atMs })) }
      : {}),
    traffic: { count: requests.length, bad: requests.filter(({ failed }) => failed).length },
  };
}

function senderOf({ dropped }: Tally, received: ReceivedOtlp): ToldBy {
  const { instance, throughMs, receivedAtMs, differenceMs, joined, points } = received;
  const { placeMs = 0 } = received;
  const { future = 0 } = dropped;
  return {
    instance,
    throughMs: Math.min(throughMs, receivedAtMs),
    ...(differenceMs === undefined ? {} : { differenceMs }),
    ...(placeMs === 0 ? {} : { placeMs }),
    ...(future > LOST_SHARE * (joined.length + points.length) ? { lost: future } : {}),
  };
}
