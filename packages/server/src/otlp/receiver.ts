import type { DescMessage } from '@bufbuild/protobuf';
import {
  acceptOtlp,
  type IntakeBody,
  type Joined,
  senderCorrection,
  type TelemetryScope,
  type ToldPoint,
} from '@downhaul/control';
import { refusal } from '../error/refusal.ts';
import type { Intake } from '../intake/intake.ts';
import type { ControlLog } from '../log/control-log.ts';
import type { Metrics } from '../metrics/registry.ts';
import type { LogStore } from '../store/contract.ts';
import type { Received } from './body.ts';
import { createInOrder } from './in-order.ts';
import { moved, newestMsOf, type Piece, piecesOf } from './pieces.ts';
import { readExport } from './read-export.ts';
import { createSeries } from './series.ts';
import type { Signal } from './signal.ts';
import type { Told } from './told.ts';
import { createTraceJoin, type TraceJoin } from './trace-join.ts';
import { createTurns } from './turns.ts';
import { createUnstoredRows } from './unstored-rows.ts';

/** Takes what services tell by OTLP into the intake. */
export interface OtlpReceiver {
  /**
   * Resolves when everything is durable. What another service told is refused and counted.
   *
   * @throws Refusal while too much waits (429) or it cannot be judged or stored (503), both to be tried again, and for
   * what is no export.
   */
  take<Schema extends DescMessage>(
    scope: TelemetryScope,
    signal: Signal<Schema>,
    received: Received,
  ): Promise<Taken>;
}

interface Taken {
  readonly rejected: number;
  /** Why, where anything was rejected. */
  readonly message: string;
}

interface ReceiverInput {
  readonly store: Pick<LogStore, 'nowMs'>;
  readonly log: ControlLog;
  readonly intake: Intake;
  readonly metrics: Metrics;
}

/** Bodies that wait to be read, as they came. */
const MOST_WAITING_BYTES = 32 << 20;
/** Each has a row of its own; a collector forwards some hundred processes at once. */
const MOST_PROCESSES = 1_000;
const RETRY_AFTER_SECONDS = 2;

/**
 * A receiver with its memory: traces that wait for their other half, and what series had counted. It reads one
 * export after another and each in short turns: a flood of them keeps nobody waiting (invariant 4).
 */
export function createOtlpReceiver(input: ReceiverInput): OtlpReceiver {
  const { store, metrics, intake } = input;
  const join = createTraceJoin();
  const series = createSeries(store.nowMs());
  const turns = createTurns();
  const inOrder = createInOrder(MOST_WAITING_BYTES);
  const unstored = createUnstoredRows();
  declareMetrics(metrics, join);
  return {
    take: async (scope, signal, received) => {
      if (intake.full || inOrder.full) {
        throw refusal('telemetry_busy', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      const refused = await inOrder.run(received.bytes.byteLength, async () => {
        const told = await readExport(signal, received, turns);
        const { own, refused } = sorted(scope, told);
        for (const each of own) await takeProcess(scope, each);
        return refused;
      });
      await unstored.allStored();
      return rejection(metrics, scope, refused);
    },
  };

  /** Everything that one process told, in rows of bounded size. */
  async function takeProcess(scope: TelemetryScope, told: Told): Promise<void> {
    const flags = await intake.judge(() => measuredFlags(intake, scope));
    metrics.count('downhaul_otlp_items_total', told.items);
    const clock = clockOf(input, scope, told);
    for (const piece of piecesOf(told, flags)) {
      // What the memory has taken is not taken again from a repeated export: it waits before that.
      await intake.judge(() => {
        const placed = moved(piece, clock.placeMs);
        const { joined, added } = brought(scope, told, placed);
        const points = added.map((point) => movedPoint(point, clock.placeMs));
        unstored.add(submitPiece(input, { scope, told, piece: placed, clock, joined, points }));
      });
      await turns.take();
    }
  }

  /** Pairs of evaluations and requests, and what points add. */
  function brought({ project, environment, service }: TelemetryScope, told: Told, piece: Piece) {
    const key = `${project}/${environment}/${service}`;
    const { evaluations, requests, points } = piece;
    return {
      joined: join.add({ key, evaluations, requests, nowMs: store.nowMs() }),
      added: points.flatMap((point) => series.added(point, `${key}/${told.instance}`) ?? []),
    };
  }
}

function declareMetrics(metrics: Metrics, join: TraceJoin): void {
  metrics.declare('downhaul_otlp_items_total', 'counter', 'Spans, records and points received.');
  metrics.declare(
    'downhaul_otlp_items_dropped_total',
    'counter',
    'What OTLP told and counts nowhere, by cause.',
  );
  metrics.gauge('downhaul_otlp_traces_waiting', 'Traces kept in memory.', () => join.waiting);
  metrics.gauge(
    'downhaul_otlp_traces_lost',
    'Traces forgotten with an evaluation whose request never came.',
    () => join.lost,
  );
}

function rejection(
  metrics: Metrics,
  { service }: TelemetryScope,
  { foreign, beyond }: Refused,
): Taken {
  const problems: string[] = [];
  if (foreign.items > 0) {
    metrics.count('downhaul_otlp_items_dropped_total', foreign.items, { cause: 'other_service' });
    const names = [...foreign.names].join(', ');
    problems.push(`The token is bound to ${service}, this was told by ${names}.`);
  }
  if (beyond > 0) {
    metrics.count('downhaul_otlp_items_dropped_total', beyond, { cause: 'many_processes' });
    problems.push(`At most ${MOST_PROCESSES} processes are taken from one export.`);
  }
  return { rejected: foreign.items + beyond, message: problems.join(' ') };
}

interface Refused {
  /** Told by other services than the token's, of which some are named. */
  readonly foreign: { items: number; readonly names: Set<string> };
  /** Items of processes that are too many. */
  beyond: number;
}

const NAMED_SERVICES = 5;

function sorted({ service }: TelemetryScope, told: readonly Told[]) {
  const own: Told[] = [];
  const refused: Refused = { foreign: { items: 0, names: new Set() }, beyond: 0 };
  const { foreign } = refused;
  for (const each of told) {
    if (each.service !== undefined && each.service !== service) {
      foreign.items += each.items;
      if (foreign.names.size < NAMED_SERVICES) foreign.names.add(each.service);
    } else if (own.length < MOST_PROCESSES) own.push(each);
    else refused.beyond += each.items;
  }
  return { own, refused };
}

interface Clock extends ReturnType<typeof senderCorrection> {
  /** When the export was received. */
  readonly nowMs: number;
  /** The newest time that was told of, on the process's own clock. */
  readonly newestMs: number | undefined;
}

/** What is known of the clock that all times of an export are from. */
function clockOf({ store, intake }: ReceiverInput, scope: TelemetryScope, told: Told): Clock {
  const nowMs = store.nowMs();
  const newestMs = newestMsOf(told, nowMs);
  if (newestMs === undefined) return { nowMs, newestMs, placeMs: 0, provenMs: 0 };
  const { instance, isNamed } = told;
  const from = { scope, instance, isNamed };
  const at = { differenceMs: nowMs - newestMs, receivedAtMs: nowMs };
  return { nowMs, newestMs, ...senderCorrection(intake.state, from, at) };
}

function movedPoint(point: ToldPoint, byMs: number): ToldPoint {
  if (byMs === 0) return point;
  return { ...point, startMs: point.startMs + byMs, timeMs: point.timeMs + byMs };
}

interface Submitted {
  readonly scope: TelemetryScope;
  readonly told: Told;
  readonly piece: Piece;
  readonly clock: Clock;
  readonly joined: readonly Joined[];
  readonly points: readonly ToldPoint[];
}

async function submitPiece(
  { log, intake, metrics }: ReceiverInput,
  { scope, told, piece, clock, joined, points }: Submitted,
): Promise<void> {
  const { nowMs, newestMs, placeMs, provenMs } = clock;
  const environment = log.state.projects.get(scope.project)?.environments.get(scope.environment);
  const { body, dropped } = acceptOtlp(intake.state, {
    scope,
    instance: told.instance,
    joined,
    requests: piece.isLast ? told.requests : [],
    points,
    throughMs: piece.isLast && newestMs !== undefined ? newestMs + provenMs : 0,
    ...(told.isNamed && newestMs !== undefined ? { differenceMs: nowMs - newestMs } : {}),
    unprovenMs: placeMs - provenMs,
    unitSalt: environment?.unitSalt ?? '',
    receivedAtMs: nowMs,
  });
  for (const [cause, items] of Object.entries(dropped)) {
    metrics.count('downhaul_otlp_items_dropped_total', items, { cause });
  }
  if (body === undefined) return;
  const row: IntakeBody = { type: 'counted', scope, ...body };
  // The memory has taken it, so a repeated export does not bring it again.
  await intake.submit({ body: row, isKept: true });
}

function measuredFlags({ state }: Intake, { project, environment }: TelemetryScope): Set<string> {
  const measured = state.environments.get(`${project}/${environment}`)?.measured ?? [];
  return new Set(measured.flatMap((id) => state.rollouts.get(id)?.rollout.flag ?? []));
}
