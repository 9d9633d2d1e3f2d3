import { type OutcomeItem, unitHash } from '@downhaul/engine';

export const ERROR_RATE = 'http.error_rate';
export const LATENCY = 'http.latency';
export const CLIENT_ABORT = 'http.client_abort';

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
  readonly flag?: string;
  /** True in a scope of traffic that no person made. */
  readonly synthetic?: boolean;
}

interface Collected {
  readonly of: OutcomeUnit;
  atMs: number;
  value: number;
}

/** The items of one metric, or of one metric and flag. */
interface Series {
  readonly metric: string;
  readonly flag: string | undefined;
  readonly fold: Fold;
  readonly byUnit: Map<string, Collected>;
  readonly byHash: Map<string, Collected>;
}

/** How a further outcome of the same unit and metric is folded into the first. */
type Fold = (item: Collected, value: number, atMs: number) => void;

/** A unit fails once in a report: at its first failure. */
const earliest: Fold = (item, _value, atMs) => {
  item.atMs = Math.min(item.atMs, atMs);
};

const largest: Fold = (item, value, atMs) => {
  if (value <= item.value) return;
  item.value = value;
  item.atMs = atMs;
};

const sum: Fold = (item, value, atMs) => {
  item.value += value;
  item.atMs = Math.min(item.atMs, atMs);
};

function foldOf(metric: string): Fold {
  if (metric === ERROR_RATE || metric === CLIENT_ABORT) return earliest;
  return metric === LATENCY ? largest : sum;
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
    const { of, value, atMs } = outcome;
    const series = this.#seriesOf(outcome);
    const items = of.salt === undefined ? series.byHash : series.byUnit;
    const known = items.get(of.unit);
    if (known) {
      series.fold(known, value, atMs);
      return true;
    }
    if (this.#size >= limit) return false;
    this.#size += 1;
    items.set(of.unit, { of, atMs, value });
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

function itemsOf({ metric, flag, fold, byUnit, byHash }: Series): OutcomeItem[] {
  for (const { of, atMs, value } of byUnit.values()) {
    const hash = of.salt === undefined ? of.unit : unitHash(of.salt, of.unit);
    const known = byHash.get(hash);
    if (known) fold(known, value, atMs);
    else byHash.set(hash, { of, atMs, value });
  }
  return [...byHash].map(([unit, { atMs, value }]) => {
    const item: OutcomeItem = { unit, metric, atMs, value };
    return flag === undefined ? item : { ...item, flag };
  });
}
