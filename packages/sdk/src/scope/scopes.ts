import { AsyncLocalStorage } from 'node:async_hooks';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Held } from '../snapshot/held.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { Clock } from '../timing/clock.ts';
import { elapsedMs } from '../timing/clock.ts';
import { type IncomingBaggage, NO_BAGGAGE } from './baggage.ts';
import { oneReading, scopeReading, type UnitPath } from './one-reading.ts';
import { RequestScope } from './request-scope.ts';

/** An older scope moves to the newest snapshot, so that a rollback reaches long work too. */
const LONGEST_PIN_MS = 30_000;

const NO_UNITS: readonly UnitPath[] = [];
const EMPTY_CONTEXT: EvaluationContext = Object.freeze({});

/** What a scope brings along. */
interface ScopeOrigin {
  readonly baggage?: IncomingBaggage;
  readonly synthetic?: boolean;
}

/** Opens scopes, finds the one around the caller, and says which snapshot it sees. */
export class Scopes {
  readonly #storage = new AsyncLocalStorage<RequestScope>();
  readonly #holder: SnapshotHolder;
  readonly #clock: Clock;

  constructor(holder: SnapshotHolder, clock: Clock) {
    this.#holder = holder;
    this.#clock = clock;
  }

  get current(): RequestScope | undefined {
    return this.#storage.getStore();
  }

  /** Opens a scope. Inside another one it sees the same world, adds to its context, and is synthetic if that is. */
  open(
    context: EvaluationContext | undefined,
    { baggage, synthetic = false }: ScopeOrigin = {},
  ): RequestScope {
    const outer = this.current;
    const pinned = outer?.pinned ?? this.#holder.current;
    const measured = pinned?.measurement.units ?? NO_UNITS;
    const { units, foreign } = baggage ?? NO_BAGGAGE;
    const inherited =
      outer && !baggage
        ? { incoming: outer.incoming, foreignBaggage: outer.foreignBaggage }
        : { incoming: units, foreignBaggage: foreign };
    return new RequestScope({
      context: scopeReading(outer?.context, context, measured),
      startedAtMs: this.#clock.nowMs(),
      startedMonotonicMs: this.#clock.monotonicMs(),
      pinned,
      ...inherited,
      synthetic: synthetic || baggage?.synthetic === true || outer?.synthetic === true,
    });
  }

  enter<T>(scope: RequestScope, action: () => T): T {
    return this.#storage.run(scope, action);
  }

  /** The snapshot that an evaluation uses; undefined before the first. */
  heldFor(scope: RequestScope | undefined, flagKey: string): Held | undefined {
    const newest = this.#holder.current;
    if (scope === undefined || newest === undefined || scope.pinned === newest) return newest;
    if (scope.pinned === undefined || this.#isOld(scope)) {
      scope.pinned = newest;
      return newest;
    }
    return newest.reachedByDown.has(flagKey) ? newest : scope.pinned;
  }

  /** The context that a call evaluates for: its own on top of the scope's; its units read the same each time. */
  contextOf(
    scope: RequestScope | undefined,
    context: EvaluationContext | undefined,
    units: readonly UnitPath[],
  ): EvaluationContext {
    const outer = scope?.context;
    if (outer === undefined && context === undefined) return EMPTY_CONTEXT;
    return oneReading(outer, context, units);
  }

  #isOld(scope: RequestScope): boolean {
    const start = { wallMs: scope.startedAtMs, monotonicMs: scope.startedMonotonicMs };
    return elapsedMs(this.#clock, start) >= LONGEST_PIN_MS;
  }
}
