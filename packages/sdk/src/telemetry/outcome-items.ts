import { type OutcomeItem, unitHash } from '@downhaul/engine';
import { type Fold, type FoldedOutcome, foldOf } from './outcome-fold.ts';

/** A unit of this process, with the salt to hash it by, or one that came hashed. */
export interface OutcomeUnit {
  readonly unit: string;
  /** Undefined: `unit` is a hash. */
  readonly salt: string | undefined;
}

export interface Outcome {
  readonly of: OutcomeUnit;
  readonly metric: string;
  readonly atMs: number;
  readonly value: number;
  /** What was given to `track`. */
  readonly tracked?: number;
  readonly flag?: string;
  /** True in a scope of traffic that no person made. */
  readonly synthetic?: boolean;
}

interface Collected extends FoldedOutcome {
  readonly of: OutcomeUnit;
}

/** The items of one metric, or of one metric and flag. */
interface Series {
  readonly metric: string;
  readonly flag: string | undefined;
  readonly fold: Fold;
  readonly byUnit: Map<string, Collected>;
  readonly byHash: Map<string, Collected>;
}

/**
 * Outcomes of one report: one item per unit and metric, and no more than the limit. Units are hashed
 * when they are taken out, which keeps hashing off the host's requests.
 */
export class OutcomeItems {
  readonly #series = new Map<string, Series>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns false when the item is new and there is no room. */
  add(outcome: Outcome, limit: number): boolean {
    const { of } = outcome;
    const series = this.#seriesOf(outcome);
    const items = of.salt === undefined ? series.byHash : series.byUnit;
    const known = items.get(of.unit);
    if (known) {
      series.fold(known, collected(outcome));
      return true;
    }
    if (this.#size >= limit) return false;
    this.#size += 1;
    items.set(of.unit, collected(outcome));
    return true;
  }

  /** Takes everything out. */
  drain(): OutcomeItem[] {
    const drained = [...this.#series.values()].flatMap(itemsOf);
    this.#series.clear();
    this.#size = 0;
    return drained;
  }

  #seriesOf({ metric, flag }: Outcome): Series {
    const name = flag === undefined ? metric : `${metric}\n${flag}`;
    let series = this.#series.get(name);
    if (!series) {
      series = { metric, flag, fold: foldOf(metric), byUnit: new Map(), byHash: new Map() };
      this.#series.set(name, series);
    }
    return series;
  }
}

function collected({ of, atMs, value, tracked }: Outcome): Collected {
  const item = { of, atMs, value };
  if (tracked === undefined) return item;
  return { ...item, values: { sum: tracked, largest: tracked, last: tracked } };
}

function itemsOf({ metric, flag, fold, byUnit, byHash }: Series): OutcomeItem[] {
  for (const item of byUnit.values()) {
    const { of } = item;
    const hash = of.salt === undefined ? of.unit : unitHash(of.salt, of.unit);
    const known = byHash.get(hash);
    if (known) fold(known, item);
    else byHash.set(hash, item);
  }
  return [...byHash].map(([unit, { of: _unit, atMs, value, ...more }]) => ({
    unit,
    metric,
    atMs,
    value,
    ...more,
    ...(flag === undefined ? {} : { flag }),
  }));
}
