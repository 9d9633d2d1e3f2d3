import type { DescMessage } from '@bufbuild/protobuf';
import type { TelemetryScope } from '@downhaul/control';
import { refusal } from '../error/refusal.ts';
import type { Metrics } from '../metrics/registry.ts';
import { type Answer, createAnswer, type Taken } from './answer.ts';
import { createArrivals, type Arrivals } from './arrivals.ts';
import type { Received } from './body.ts';
import { createInOrder } from './in-order.ts';
import { moved, piecesOf } from './pieces.ts';
import { refuseWithoutRoom } from '../store/room.ts';
import { clockOf, type ReceiverInput, submitPiece } from './submit-piece.ts';
import { readExport } from './read-export.ts';
import type { Signal } from './signal.ts';
import type { Told } from './told.ts';
import { createTraceJoin, type TraceJoin } from './trace-join.ts';
import { createTurns } from '../clock/turns.ts';
import { createUnstoredRows } from './unstored-rows.ts';

/** Takes what services tell by OTLP into the intake. */
export interface OtlpReceiver {
  /**
   * Resolves when everything is durable. What cannot be counted, and what another service told, is refused by name.
   *
   * @throws Refusal while too much waits (429) or it cannot be judged or stored (503), both to be tried again, and for
   * what is no export.
   */
  take<Schema extends DescMessage>(
    scope: TelemetryScope,
    signal: Signal<Schema>,
    received: Received,
  ): Promise<Taken>;
  readonly arrivals: Pick<Arrivals, 'of'>;
}

/** Bodies that wait to be read, as they came. */
const MOST_WAITING_BYTES = 32 << 20;
/** Each has a row of its own; a collector forwards some hundred processes at once. */
const MOST_PROCESSES = 1_000;
const RETRY_AFTER_SECONDS = 2;

/**
 * A receiver with its memory: traces that wait for their other half. It reads one export after another and each in
 * short turns: a flood of them keeps nobody waiting (invariant 4).
 */
export function createOtlpReceiver(input: ReceiverInput): OtlpReceiver {
  const { metrics, intake } = input;
  const join = createTraceJoin();
  const arrivals = createArrivals();
  const turns = createTurns();
  const inOrder = createInOrder(MOST_WAITING_BYTES);
  const unstored = createUnstoredRows();
  declareMetrics(metrics, join);
  return {
    arrivals,
    take: async (scope, signal, received) => {
      refuseWithoutRoom(input.store);
      if (intake.full || inOrder.full) {
        throw refusal('telemetry_busy', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      const answer = await inOrder.run(received.bytes.byteLength, async () => {
        const told = await readExport(signal, received, turns);
        const answer = createAnswer(metrics, scope.service);
        for (const each of ownOf(input, { scope, told, answer }))
          await takeProcess(scope, each, answer);
        return answer;
      });
      await unstored.allStored();
      return answer.taken();
    },
  };

  /** Everything that one process told, in rows of bounded size. */
  async function takeProcess(scope: TelemetryScope, told: Told, answer: Answer): Promise<void> {
    const flags = await intake.judge(() => measuredFlags(input, scope));
    metrics.count('downhaul_otlp_items_total', told.items);
    const clock = clockOf(input, scope, told);
    const place = `${scope.project}/${scope.environment}`;
    arrivals.note(place, scope.service, { told, nowMs: clock.nowMs });
    for (const each of told.refused) {
      if (isAsked(input, scope, each)) answer.refuse(each.text, each.items);
    }
    const key = `${place}/${scope.service}`;
    for (const piece of piecesOf(told, flags)) {
      // What the memory has taken is not taken again from a repeated export: it waits before that.
      await intake.judge(() => {
        const placed = moved(piece, clock.placeMs);
        const { evaluations, requests } = placed;
        const joined = join.add({ key, evaluations, requests, nowMs: clock.nowMs });
        unstored.add(submitPiece(input, { scope, told, piece, placed, clock, joined, answer }));
      });
      await turns.take();
    }
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

const TOO_MANY = 'The token has as many processes as one may have (instances_too_many).';

/** What the token's service told; the rest is refused. */
function ownOf(
  { metrics, admission }: ReceiverInput,
  { scope, told, answer }: { scope: TelemetryScope; told: readonly Told[]; answer: Answer },
): Told[] {
  const { service } = scope;
  const own: Told[] = [];
  for (const each of told) {
    if (each.service !== undefined && each.service !== service) {
      answer.foreign(each.service, each.items);
    } else if (own.length >= MOST_PROCESSES) answer.beyond(each.items, MOST_PROCESSES);
    else if (admission.admitsSender(scope, each.instance)) own.push(each);
    else {
      answer.refuse(TOO_MANY, each.items);
      const cause = { cause: 'instances_too_many' };
      metrics.count('downhaul_otlp_items_dropped_total', each.items, cause);
    }
  }
  return own;
}

function measuredFlags({ intake: { state } }: ReceiverInput, scope: TelemetryScope): Set<string> {
  const measured = state.environments.get(`${scope.project}/${scope.environment}`)?.measured ?? [];
  return new Set(measured.flatMap((id) => state.rollouts.get(id)?.rollout.flag ?? []));
}

/** Whether somebody counts it: other points and evaluations may have any shape. */
function isAsked(
  input: ReceiverInput,
  scope: TelemetryScope,
  { flag, instrument }: { readonly flag: string; readonly instrument?: string },
): boolean {
  if (instrument === undefined) return measuredFlags(input, scope).has(flag);
  const metrics = input.log.state.projects.get(scope.project)?.metrics.values() ?? [];
  return [...metrics].some(
    ({ source }) => source.type === 'otlp' && source.instrument === instrument,
  );
}
