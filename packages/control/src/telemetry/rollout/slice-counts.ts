import { SERVICE_SLICE } from '../../plan/slices.ts';
import { addFigure, type MeanValues } from './mean-values.ts';
import type { UnitRecord } from './units/unit-record.ts';
import { type SliceDimension, slicePlace } from './slice-dimension.ts';
import { addUnit, noUnits, type StratumUnits } from './stratum-units.ts';

/** Units of one value, and those with a bad outcome by hypothesis. */
export interface SliceCounts {
  readonly units: StratumUnits;
  readonly bad: Map<string, StratumUnits>;
  /** Their figures, by hypothesis that judges a mean. */
  readonly values: Map<string, MeanValues>;
}

/** What a tally knows by slice: per dimension a list by the place of the value, with gaps. */
export type SlicedCounts = readonly (readonly (SliceCounts | undefined)[])[];

/** Counts under construction, for these dimensions. */
export class SliceCounting {
  readonly #dimensions: readonly SliceDimension[];
  readonly #counts: SliceCounts[][];
  /** Place of the services among the dimensions; -1 where they are not told apart. */
  readonly #services: number;
  readonly #ofServices = new Set<string>();

  constructor(dimensions: readonly SliceDimension[]) {
    this.#dimensions = dimensions;
    this.#services = dimensions.findIndex(({ attribute }) => attribute === SERVICE_SLICE);
    this.#counts = dimensions.map(() => []);
  }

  /** A unit counts for the values of its attributes; for a service every unit does, in the tally itself. */
  unit(record: UnitRecord): void {
    this.#eachValue(record, (counts) => addUnit(counts.units, record));
  }

  /** Whether it was bad under a hypothesis. */
  outcome(record: UnitRecord, hypothesis: string, isBad: boolean): void {
    this.#eachValue(record, (counts) => add(counts, hypothesis, isBad ? record : undefined));
  }

  /** What it adds to a mean. */
  figure(record: UnitRecord, hypothesis: string, figure: number): void {
    this.#eachValue(record, ({ values }) => addFigure(values, hypothesis, { record, figure }));
  }

  /** Whether it was bad by what each service reported, by the service's place. */
  ofServices(record: UnitRecord, hypothesis: string, isBad: (place: number) => boolean): void {
    if (this.#services < 0) return;
    this.#ofServices.add(hypothesis);
    if (record.outcomes === undefined) return;
    this.#dimensions[this.#services]?.values.forEach((_, place) => {
      if (isBad(place)) add(this.#at(this.#services, place), hypothesis, record);
    });
  }

  /** Everything counted. A service that reported no bad outcome has counted none, which is a count too. */
  finish(): SlicedCounts {
    this.#dimensions[this.#services]?.values.forEach((_, place) => {
      const counts = this.#at(this.#services, place);
      for (const hypothesis of this.#ofServices) add(counts, hypothesis, undefined);
    });
    return this.#counts;
  }

  #eachValue(record: UnitRecord, action: (counts: SliceCounts) => void): void {
    for (const [at, { attribute }] of this.#dimensions.entries()) {
      if (attribute !== SERVICE_SLICE) action(this.#at(at, slicePlace(record.slices, at)));
    }
  }

  #at(dimension: number, place: number): SliceCounts {
    const counts = this.#counts[dimension]!;
    return (counts[place] ??= { units: noUnits(), bad: new Map(), values: new Map() });
  }
}

function add(counts: SliceCounts, hypothesis: string, bad: UnitRecord | undefined): void {
  let units = counts.bad.get(hypothesis);
  if (units === undefined) counts.bad.set(hypothesis, (units = noUnits()));
  if (bad !== undefined) addUnit(units, bad);
}
