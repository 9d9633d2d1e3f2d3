import { latencyBucketOf } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Held } from '../snapshot/held.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { TelemetryCollector } from '../telemetry/collector.ts';
import { CLIENT_ABORT, ERROR_RATE, LATENCY } from '../telemetry/outcome-items.ts';
import type { Clock } from '../timing/clock.ts';
import { type RequestScope, type ScopeUnit, unitsOfContext } from './request-scope.ts';

/** How a request or a piece of work ended. */
export interface ScopeEnd {
  readonly bad: boolean;
  /** The client went away before the answer was complete: counted apart, nobody's failure. */
  readonly clientAborted?: boolean;
  /** False for an answer without an end of its own, such as an event stream. */
  readonly timed?: boolean;
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
  end(scope: RequestScope, { bad, clientAborted = false, timed = true }: ScopeEnd): void {
    const { synthetic } = scope;
    if (!clientAborted && !synthetic) this.#collector.ended(scope.key, { bad, timed });
    const held = this.#measuring();
    if (!held) return;
    const wantsLatency = timed && held.measurement.metrics.has(LATENCY);
    if (!bad && !clientAborted && !wantsLatency) return;
    const atMs = this.#clock.nowMs();
    const latencyMs = this.#clock.monotonicMs() - scope.startedMonotonicMs;
    const bucket = wantsLatency ? latencyBucketOf(latencyMs) : 0;
    for (const of of scope.units(held)) {
      const outcome = { of, atMs, value: 1, synthetic };
      if (bad) this.#collector.outcome({ ...outcome, metric: ERROR_RATE });
      if (clientAborted) this.#collector.outcome({ ...outcome, metric: CLIENT_ABORT });
      if (wantsLatency) this.#collector.outcome({ ...outcome, metric: LATENCY, value: bucket });
    }
  }

  /** Counts one occurrence of a tracked metric, and reports it if a measured rollout names it. Never throws. */
  track(metric: string, scope: RequestScope | undefined, context?: EvaluationContext): void {
    if (metric === '' || metric.length > MAX_METRIC_NAME) return;
    const synthetic = scope?.synthetic ?? false;
    if (!synthetic) this.#collector.tracked(metric);
    const held = this.#measuring();
    if (!held?.measurement.metrics.has(metric)) return;
    const atMs = this.#clock.nowMs();
    for (const of of this.#unitsOf(held, scope, context)) {
      this.#collector.outcome({ of, metric, atMs, value: 1, synthetic });
    }
  }

  /** Counts a failure that belongs to one flag only. Never throws. */
  failureOf(flag: string, scope: RequestScope | undefined, context?: EvaluationContext): void {
    const held = this.#measuring();
    const rollout = held?.snapshot.flags[flag]?.rollout;
    if (!held || !rollout?.measured) return;
    const atMs = this.#clock.nowMs();
    const synthetic = scope?.synthetic ?? false;
    for (const of of this.#unitsOf(held, scope, context)) {
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
