import type { RolloutTelemetry } from '../rollout/types.ts';
import { type Column, integers } from '../rollout/units/column.ts';
import { type HashWords, mixedWords } from '../rollout/units/hash-words.ts';

/** Entries below which no index is made anew. */
const FEWEST = 4_096;
/** Places per unit, at least. */
const ROOM = 2;

/**
 * Which rollouts may know a unit: a list of rollouts per unit, in some 24 bytes for the first and 8 for each
 * further one. It may name too many, for units whose hashes mix to the same 32 bits and for units that were
 * forgotten meanwhile, never too few; who asks looks into the rollout's own table.
 */
export class UnitRollouts {
  /** Unit + 1 by place; 0 where it is free. */
  #places: Uint32Array = new Uint32Array(ROOM * FEWEST);
  #mixed: Column<Uint32Array> = integers();
  /** Entry + 1 that the unit's list begins with. */
  #first: Column<Uint32Array> = integers();
  #rollouts: (RolloutTelemetry | undefined)[] = [];
  #numbers = new Map<RolloutTelemetry, number>();
  /** Of entries: the number of the rollout, and the next entry + 1. */
  #rollout: Column<Uint32Array> = integers();
  #next: Column<Uint32Array> = integers();
  #units = 0;
  #entries = 0;
  #most = FEWEST;

  constructor(rollouts: readonly RolloutTelemetry[]) {
    this.#build(rollouts);
  }

  /** Notes that a rollout has seen a unit; one that is not measured is not asked for it. */
  add(words: HashWords, telemetry: RolloutTelemetry, measured: readonly RolloutTelemetry[]): void {
    // What was forgotten meanwhile leaves when there is no room.
    if (this.#entries >= this.#most) this.#build(measured);
    const rollout = this.#numbers.get(telemetry);
    if (rollout !== undefined) this.#note(words, rollout);
  }

  /** A further rollout is measured; it has seen nobody yet. */
  admit(telemetry: RolloutTelemetry): void {
    this.#numbers.set(telemetry, this.#rollouts.push(telemetry) - 1);
  }

  /** A rollout is measured no more. */
  dismiss(telemetry: RolloutTelemetry): void {
    const rollout = this.#numbers.get(telemetry);
    if (rollout === undefined) return;
    this.#numbers.delete(telemetry);
    this.#rollouts[rollout] = undefined;
  }

  /** The first entry of a unit, + 1; 0 without any. */
  first(words: HashWords): number {
    const unit = this.#unitAt(this.#placeOf(mixedWords(words)));
    return unit < 0 ? 0 : this.#first.at(unit);
  }

  /** The entry after one, + 1; 0 after the last. */
  next(entry: number): number {
    return this.#next.at(entry - 1);
  }

  rolloutOf(entry: number): RolloutTelemetry | undefined {
    return this.#rollouts[this.#rollout.at(entry - 1)];
  }

  #build(rollouts: readonly RolloutTelemetry[]): void {
    this.#rollouts = [];
    this.#numbers.clear();
    this.#places = new Uint32Array(ROOM * FEWEST);
    this.#mixed = integers();
    this.#first = integers();
    this.#rollout = integers();
    this.#next = integers();
    this.#units = 0;
    this.#entries = 0;
    for (const telemetry of rollouts) this.admit(telemetry);
    for (const [number, { cohorts, surplus }] of rollouts.entries()) {
      for (const { open, units } of [...cohorts.values(), ...surplus.cohorts.values()]) {
        if (open) for (const record of units.values()) this.#note(record, number);
      }
    }
    this.#most = Math.max(FEWEST, 2 * this.#entries);
  }

  #note(words: HashWords, rollout: number): void {
    const mixed = mixedWords(words);
    let place = this.#placeOf(mixed);
    let unit = this.#unitAt(place);
    if (unit < 0) {
      if (ROOM * (this.#units + 1) > this.#places.length) place = this.#enlarge(mixed);
      unit = this.#units++;
      this.#mixed.set(unit, mixed);
      this.#first.set(unit, 0);
      this.#places[place] = unit + 1;
    }
    const first = this.#first.at(unit);
    for (let entry = first; entry > 0; entry = this.next(entry)) {
      if (this.#rollout.at(entry - 1) === rollout) return;
    }
    this.#rollout.set(this.#entries, rollout);
    this.#next.set(this.#entries, first);
    this.#entries += 1;
    this.#first.set(unit, this.#entries);
  }

  #unitAt(place: number): number {
    return (this.#places[place] ?? 0) - 1;
  }

  /** Where a unit is, or would be put. */
  #placeOf(mixed: number): number {
    const mask = this.#places.length - 1;
    let place = mixed & mask;
    for (let unit = this.#unitAt(place); unit >= 0; unit = this.#unitAt(place)) {
      if (this.#mixed.at(unit) === mixed) return place;
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Makes room for twice as many units, and returns where a new one would be put. */
  #enlarge(mixed: number): number {
    this.#places = new Uint32Array(2 * this.#places.length);
    for (let unit = 0; unit < this.#units; unit++) {
      this.#places[this.#placeOf(this.#mixed.at(unit))] = unit + 1;
    }
    return this.#placeOf(mixed);
  }
}
