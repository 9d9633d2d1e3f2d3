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
  readonly context: EvaluationContext | undefined;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  readonly pinned: Held | undefined;
  /** Believed units of the request, from its baggage. */
  readonly incoming: readonly TravellingUnit[];
  /** The request's baggage without our own member. */
  readonly foreignBaggage: string;
  readonly synthetic: boolean;
}

const readTargetingKey = compileUnit('targetingKey');

/** One request, or one run of other work: its context, its world and its units. */
export class RequestScope {
  readonly context: EvaluationContext | undefined;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  readonly incoming: readonly TravellingUnit[];
  readonly foreignBaggage: string;
  /** No person made this: what happens in it is measured apart. */
  readonly synthetic: boolean;
  /** The snapshot that all evaluations of this scope use. */
  pinned: Held | undefined;
  readonly #units: ScopeUnit[] = [];
  #key = '';

  constructor(start: ScopeStart) {
    this.context = start.context;
    this.startedAtMs = start.startedAtMs;
    this.startedMonotonicMs = start.startedMonotonicMs;
    this.incoming = start.incoming;
    this.foreignBaggage = start.foreignBaggage;
    this.synthetic = start.synthetic;
    this.pinned = start.pinned;
    if (start.pinned && start.context) this.meet(start.pinned, start.context);
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

  /** What it is counted by, measured or not: its targeting key, else a unit that came in, else nothing. */
  get key(): string {
    if (this.#key === '' && this.context) this.#key = readSafely(readTargetingKey, this.context);
    return this.#key === '' ? (this.incoming[0]?.hash ?? '') : this.#key;
  }

  /** The units that its outcomes are of: those met here, then those that came in. */
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
