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
  /** It is that of a request. */
  readonly isRequest?: boolean;
  /**
   * It is in no other one, whatever the caller is in: Node may begin a request in the context of another,
   * of the one before on the same connection.
   */
  readonly isRoot?: boolean;
}

/** What a further middleware knows of a request. */
interface ScopeExtension {
  readonly context: EvaluationContext | undefined;
  readonly synthetic: boolean;
}

/** Opens scopes, finds the one around the caller, and says which snapshot it sees. */
export class Scopes {
  readonly #storage = new AsyncLocalStorage<RequestScope>();
  readonly #holder: SnapshotHolder;
  readonly #clock: Clock;
  #openCount = 0;
  #waiting: (() => void)[] = [];
  readonly #onEnd = (): void => {
    this.#openCount -= 1;
    if (this.#openCount === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  };

  constructor(holder: SnapshotHolder, clock: Clock) {
    this.#holder = holder;
    this.#clock = clock;
  }

  /** Scopes that have not ended. */
  get openCount(): number {
    return this.#openCount;
  }

  /** Resolves when every scope has ended. */
  idle(): Promise<void> {
    if (this.#openCount === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get current(): RequestScope | undefined {
    return this.#storage.getStore();
  }

  /** Opens a scope. Inside another one it sees the same world, adds to its context, and is synthetic if that is. */
  open(
    context: EvaluationContext | undefined,
    { baggage, synthetic = false, isRequest = false, isRoot = false }: ScopeOrigin = {},
  ): RequestScope {
    const outer = isRoot ? undefined : this.current;
    const pinned = outer?.pinned ?? this.#holder.current;
    const { units, foreign } = baggageOf(baggage, outer);
    this.#openCount += 1;
    return new RequestScope({
      outer,
      isRequest,
      context: scopeReading(outer?.context, context, pinned?.measurement.units ?? NO_UNITS),
      startedAtMs: this.#clock.nowMs(),
      startedMonotonicMs: this.#clock.monotonicMs(),
      pinned,
      incoming: units,
      foreignBaggage: foreign,
      onEnd: this.#onEnd,
      synthetic: synthetic || baggage?.synthetic === true || outer?.synthetic === true,
    });
  }

  enter<T>(scope: RequestScope, action: () => T): T {
    return this.#storage.run(scope, action);
  }

  /** As `enter`, but stays in a scope that was opened within this one. */
  enterOrStay<T>(scope: RequestScope, action: () => T): T {
    return this.current?.isWithin(scope) === true ? action() : this.enter(scope, action);
  }

  /** Adds to a scope what is learned of it later. In a scope within it, it is learned of that one, too. */
  extend(scope: RequestScope, { context, synthetic }: ScopeExtension): void {
    const { current } = this;
    const reached = current?.isWithin(scope) === true ? current.upTo(scope) : [scope];
    for (const each of reached) {
      each.synthetic ||= synthetic;
      const held = each.pinned ?? this.#holder.current;
      const units = held?.measurement.units ?? NO_UNITS;
      each.extend(scopeReading(each.context, context, units), held);
    }
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

/** What came with it, or with what it is opened in. */
function baggageOf(
  own: IncomingBaggage | undefined,
  outer: RequestScope | undefined,
): Pick<IncomingBaggage, 'units' | 'foreign'> {
  if (own || !outer) return own ?? NO_BAGGAGE;
  return { units: outer.incoming, foreign: outer.foreignBaggage };
}
