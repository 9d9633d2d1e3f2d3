import { latencyBucketOf } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Held } from '../snapshot/held.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { TelemetryCollector } from '../telemetry/collector.ts';
import { CLIENT_ABORT, DENIED, ERROR_RATE, LATENCY } from '../telemetry/metric-names.ts';
import type { Clock } from '../timing/clock.ts';
import { type RequestScope, type ScopeUnit, unitsOfContext } from './request-scope.ts';

/** How a request or a piece of work ended. */
export interface ScopeEnd {
  readonly bad: boolean;
  /** The client went away before the answer was complete: counted apart, nobody's failure. */
  readonly clientAborted?: boolean;
  /** The answer refused it: a status of 401 or 403. */
  readonly denied?: boolean;
  /** False for an answer without an end of its own, such as an event stream. */
  readonly timed?: boolean;
}

/** What was tracked, and the value given with it. */
interface Tracked {
  readonly metric: string;
  readonly value: number | undefined;
}

const MAX_METRIC_NAME = 200;

/** Turns ends of scopes, tracked events and guarded failures into outcomes of units. */
export class OutcomeRecorder {
  readonly #holder: SnapshotHolder;
  readonly #collector: TelemetryCollector;
  readonly #clock: Clock;

  constructor(holder: SnapshotHolder, collector: TelemetryCollector, clock: Clock) {
    this.#holder = holder;
    this.#collector = collector;
    this.#clock = clock;
  }

  /** Counts the end of a scope, and reports it if anything is measured and its unit is known. Never throws. */
  end(scope: RequestScope, ended: ScopeEnd): void {
    const { bad, clientAborted = false, denied = false, timed = true } = ended;
    const { synthetic } = scope;
    scope.end();
    if (!clientAborted && !synthetic && !scope.isPartOfRequest) {
      this.#collector.ended(scope.key, { bad, denied, timed });
    }
    const held = this.#measuring();
    if (!held) return;
    const latencyMs = this.#clock.monotonicMs() - scope.startedMonotonicMs;
    const outcomes = outcomesOf(held, ended, latencyMs);
    if (outcomes.length === 0) return;
    const atMs = this.#clock.nowMs();
    for (const of of scope.units(held)) {
      for (const { metric, value } of outcomes) {
        this.#collector.outcome({ of, metric, atMs, value, synthetic });
      }
    }
    const lost = scope.unitsLeftOut * outcomes.length;
    if (lost > 0 && !synthetic) this.#collector.drop({ exposures: 0, outcomes: lost });
  }

  /**
   * Counts one occurrence of a tracked metric, and reports it, with its value, if a measured rollout names
   * it. A value that is no finite number would spoil a mean: it is left out, and counted as lost. Never throws.
   */
  track(
    { metric, value }: Tracked,
    scope: RequestScope | undefined,
    context?: EvaluationContext,
  ): void {
    if (metric === '' || metric.length > MAX_METRIC_NAME) return;
    if (value !== undefined && !Number.isFinite(value)) {
      this.#collector.drop({ exposures: 0, outcomes: 1 });
      return;
    }
    const synthetic = scope?.synthetic ?? false;
    if (!synthetic) this.#collector.tracked(metric);
    const held = this.#measuring();
    if (!held?.measurement.metrics.has(metric)) return;
    const atMs = this.#clock.nowMs();
    for (const of of this.#unitsOf(held, scope, context)) {
      const outcome = { of, metric, atMs, value: 1, synthetic };
      this.#collector.outcome(value === undefined ? outcome : { ...outcome, tracked: value });
    }
  }

  /** Counts a failure that belongs to one flag only. Never throws. */
  failureOf(flag: string, scope: RequestScope | undefined, context?: EvaluationContext): void {
    const held = this.#measuring();
    const rollout = held?.snapshot.flags[flag]?.rollout;
    if (!held || !rollout?.measured) return;
    const atMs = this.#clock.nowMs();
    const synthetic = scope?.synthetic ?? false;
    // The unit that the call was decided for, whoever else is known in the scope.
    for (const of of this.#unitsOf(held, scope, context ?? scope?.context)) {
      if (of.attribute !== rollout.unit) continue;
      this.#collector.outcome({ of, metric: ERROR_RATE, atMs, value: 1, flag, synthetic });
    }
  }

  #measuring(): Held | undefined {
    const held = this.#holder.current;
    return held && held.measurement.rollouts.size > 0 ? held : undefined;
  }

  #unitsOf(
    held: Held,
    scope: RequestScope | undefined,
    context: EvaluationContext | undefined,
  ): readonly ScopeUnit[] {
    const scoped = scope?.units(held) ?? [];
    if (!context) return scoped;
    const own = unitsOfContext(held, context);
    const unnamed = ({ attribute }: ScopeUnit) => !own.some((u) => u.attribute === attribute);
    return [...own, ...scoped.filter(unnamed)];
  }
}

/** What the end of a scope comes to, as far as a measured rollout may ask for it. */
function outcomesOf(
  { measurement: { metrics } }: Held,
  { bad, clientAborted = false, denied = false, timed = true }: ScopeEnd,
  latencyMs: number,
): { readonly metric: string; readonly value: number }[] {
  const outcomes = [];
  if (bad) outcomes.push({ metric: ERROR_RATE, value: 1 });
  if (clientAborted) outcomes.push({ metric: CLIENT_ABORT, value: 1 });
  if (denied && metrics.has(DENIED)) outcomes.push({ metric: DENIED, value: 1 });
  if (timed && metrics.has(LATENCY)) {
    outcomes.push({ metric: LATENCY, value: latencyBucketOf(latencyMs) });
  }
  return outcomes;
}
