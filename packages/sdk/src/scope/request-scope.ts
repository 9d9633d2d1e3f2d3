import { compileUnit, type UnitReader, unitHash } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Held } from '../snapshot/held.ts';
import type { OutcomeUnit } from '../telemetry/outcome-items.ts';
import { LONGEST_REMEMBERED } from '../telemetry/seen-units.ts';

/** A unit as it travels between services: the attribute that identifies it, and its hash. */
export interface TravellingUnit {
  readonly attribute: string;
  readonly hash: string;
}

/** A unit that outcomes are of: as it is, with the salt to hash it by, or hashed. */
export interface ScopeUnit extends OutcomeUnit {
  readonly attribute: string;
}

interface ScopeStart {
  /** The scope that this one was opened in. */
  readonly outer?: RequestScope | undefined;
  /** It is that of a request, not of other work. */
  readonly isRequest?: boolean;
  readonly context: EvaluationContext | undefined;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  readonly pinned: Held | undefined;
  /** Believed units of the request, from its baggage. */
  readonly incoming: readonly TravellingUnit[];
  /** The request's baggage without our own member. */
  readonly foreignBaggage: string;
  readonly synthetic: boolean;
  readonly onEnd: () => void;
}

const readTargetingKey = compileUnit('targetingKey');

/** Work for many more units than a request is about is better cut into scopes of its own. */
const MAX_UNITS = 100;

/** One request, or one run of other work: its context, its world and its units. */
export class RequestScope {
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  readonly incoming: readonly TravellingUnit[];
  readonly foreignBaggage: string;
  /** No person made this: what happens in it is measured apart. */
  synthetic: boolean;
  /** The snapshot that all evaluations of this scope use. */
  pinned: Held | undefined;
  #isOver = false;
  readonly #outer: RequestScope | undefined;
  readonly #isRequest: boolean;
  readonly #units: ScopeUnit[] = [];
  #context: EvaluationContext | undefined;
  #key = '';
  #unitsLeftOut = 0;
  #onEnd: (() => void) | undefined;

  constructor(start: ScopeStart) {
    this.#outer = start.outer;
    this.#isRequest = start.isRequest === true;
    this.#context = start.context;
    this.startedAtMs = start.startedAtMs;
    this.startedMonotonicMs = start.startedMonotonicMs;
    this.incoming = start.incoming;
    this.foreignBaggage = start.foreignBaggage;
    this.synthetic = start.synthetic;
    this.pinned = start.pinned;
    this.#onEnd = start.onEnd;
    if (start.pinned && start.context) this.meet(start.pinned, start.context);
  }

  /** Its outcome is known: what is done in it now comes after that. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get context(): EvaluationContext | undefined {
    return this.#context;
  }

  /** Units that there was no room for: their outcomes are lost. */
  get unitsLeftOut(): number {
    return this.#unitsLeftOut;
  }

  /** Whether it was opened in a request that is not over: the request counts for what is done in it. */
  get isPartOfRequest(): boolean {
    if (this.#isRequest) return false;
    for (let outer = this.#outer; outer; outer = outer.#outer) {
      if (outer.#isRequest) return !outer.isOver;
    }
    return false;
  }

  /** Whether it is this scope, or was opened in it. */
  isWithin(scope: RequestScope): boolean {
    if (this === scope) return true;
    return this.#outer?.isWithin(scope) === true;
  }

  /** It and the scopes around it, as far as that one. */
  upTo(scope: RequestScope): RequestScope[] {
    if (this === scope || !this.#outer) return [this];
    return [this, ...this.#outer.upTo(scope)];
  }

  /** Puts a context that says more, or otherwise, in the place of its own; the units of both are its units. */
  extend(context: EvaluationContext | undefined, held: Held | undefined): void {
    if (held && this.#context) this.meet(held, this.#context);
    this.#context = context;
    if (held && context) for (const unit of unitsOfContext(held, context)) this.#add(unit);
  }

  /** Its work is over; a second time says nothing. */
  end(): void {
    this.#isOver = true;
    this.#onEnd?.();
    this.#onEnd = undefined;
  }

  /** Learns from a context the units that are not known yet; the first one met stays. */
  meet({ measurement, snapshot }: Held, context: EvaluationContext): void {
    if (this.#key === '') this.#key = readSafely(readTargetingKey, context);
    for (const { attribute, read } of measurement.units) {
      if (this.#knows(attribute)) continue;
      const unit = readSafely(read, context);
      if (unit !== '') this.#units.push(scopeUnit({ attribute, unit, salt: snapshot.unitSalt }));
    }
  }

  /** Learns that a unit was put into an arm here: how this ends is its outcome, as of the scopes around. */
  expose(unit: ScopeUnit): void {
    const kept = scopeUnit(unit);
    this.#add(kept);
    for (let outer = this.#outer; outer; outer = outer.#outer) outer.#add(kept);
  }

  /** What it is counted by, measured or not: its targeting key, else a unit that came in, else nothing. */
  get key(): string {
    if (this.#key === '' && this.context) this.#key = readSafely(readTargetingKey, this.context);
    return this.#key === '' ? (this.incoming[0]?.hash ?? '') : this.#key;
  }

  /** The units that its outcomes are of: its own, those exposed in it, then those that came in. */
  units(held: Held): readonly ScopeUnit[] {
    if (this.context) this.meet(held, this.context);
    if (this.incoming.length === 0) return this.#units;
    const own = new Set(this.#units.map(hashOf));
    const others = this.incoming.filter(({ hash }) => !own.has(hash));
    return [...this.#units, ...others.map(incomingUnit)];
  }

  /** The same as they travel to services behind. */
  travelling(held: Held): TravellingUnit[] {
    return this.units(held).map((unit) => ({ attribute: unit.attribute, hash: hashOf(unit) }));
  }

  #add(unit: ScopeUnit): void {
    for (const known of this.#units) {
      if (known.unit === unit.unit && known.attribute === unit.attribute) return;
    }
    if (this.#units.length < MAX_UNITS) this.#units.push(unit);
    else this.#unitsLeftOut += 1;
  }

  #knows(attribute: string): boolean {
    for (const known of this.#units) if (known.attribute === attribute) return true;
    return false;
  }
}

function incomingUnit({ attribute, hash }: TravellingUnit): ScopeUnit {
  return { attribute, unit: hash, salt: undefined };
}

/** No caller's key decides how much memory is held: a long one is kept by its hash. */
function scopeUnit(unit: ScopeUnit): ScopeUnit {
  if (unit.unit.length <= LONGEST_REMEMBERED) return unit;
  return { attribute: unit.attribute, unit: hashOf(unit), salt: undefined };
}

function hashOf({ unit, salt }: ScopeUnit): string {
  return salt === undefined ? unit : unitHash(salt, unit);
}

/** The units of a context that measured rollouts are about. */
export function unitsOfContext(held: Held, context: EvaluationContext): ScopeUnit[] {
  // A host without types may give anything.
  if (typeof context !== 'object') return [];
  return held.measurement.units.flatMap(({ attribute, read }) => {
    const unit = readSafely(read, context);
    const salt = held.snapshot.unitSalt;
    return unit === '' ? [] : [scopeUnit({ attribute, unit, salt })];
  });
}

function readSafely(read: UnitReader, context: EvaluationContext): string {
  try {
    return read(context);
  } catch {
    return '';
  }
}
