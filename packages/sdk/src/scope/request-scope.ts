import { unitHash } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Held } from '../snapshot/held.ts';
import type { Measurement } from '../telemetry/measured-rollout.ts';
import type { UnitReader } from '../telemetry/unit.ts';

/** A unit as it travels between services: the attribute that identifies it, and its hash. */
export interface TravellingUnit {
  readonly attribute: string;
  readonly hash: string;
}

interface KnownUnit {
  readonly attribute: string;
  readonly unit: string;
  hash: string | undefined;
}

export interface ScopeStart {
  readonly context: EvaluationContext | undefined;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  readonly pinned: Held | undefined;
  /** Believed units of the request, from its baggage. */
  readonly incoming: readonly TravellingUnit[];
  /** The request's baggage without our own member. */
  readonly foreignBaggage: string;
}

/** One request, or one run of other work: its context, its world and its units. */
export class RequestScope {
  readonly context: EvaluationContext | undefined;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  readonly incoming: readonly TravellingUnit[];
  readonly foreignBaggage: string;
  /** The snapshot that all evaluations of this scope use. */
  pinned: Held | undefined;
  readonly #units: KnownUnit[] = [];

  constructor(start: ScopeStart) {
    this.context = start.context;
    this.startedAtMs = start.startedAtMs;
    this.startedMonotonicMs = start.startedMonotonicMs;
    this.incoming = start.incoming;
    this.foreignBaggage = start.foreignBaggage;
    this.pinned = start.pinned;
    if (start.pinned && start.context) this.meet(start.pinned.measurement, start.context);
  }

  /** Learns from a context the units that are not known yet; the first one met stays. */
  meet(measurement: Measurement, context: EvaluationContext): void {
    for (const { attribute, read } of measurement.units) {
      if (this.#find(attribute)) continue;
      const unit = readSafely(read, context);
      if (unit !== '') this.#units.push({ attribute, unit, hash: undefined });
    }
  }

  /** The units that measured rollouts are about: those met here, then those that came in. */
  units(held: Held): TravellingUnit[] {
    if (this.context) this.meet(held.measurement, this.context);
    const units: TravellingUnit[] = [];
    for (const { attribute } of held.measurement.units) {
      const known = this.#find(attribute);
      if (!known) continue;
      known.hash ??= unitHash(held.snapshot.unitSalt, known.unit);
      units.push({ attribute, hash: known.hash });
    }
    for (const incoming of this.incoming) {
      if (!units.some(({ hash }) => hash === incoming.hash)) units.push(incoming);
    }
    return units;
  }

  #find(attribute: string): KnownUnit | undefined {
    for (const known of this.#units) if (known.attribute === attribute) return known;
    return undefined;
  }
}

/** The units of a context that measured rollouts are about. */
export function unitsOfContext(held: Held, context: EvaluationContext): TravellingUnit[] {
  return held.measurement.units.flatMap(({ attribute, read }) => {
    const unit = readSafely(read, context);
    return unit === '' ? [] : [{ attribute, hash: unitHash(held.snapshot.unitSalt, unit) }];
  });
}

function readSafely(read: UnitReader, context: EvaluationContext): string {
  try {
    return read(context);
  } catch {
    return '';
  }
}
