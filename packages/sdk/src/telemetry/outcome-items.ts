import type { OutcomeItem } from '@downhaul/engine';

export const ERROR_RATE = 'http.error_rate';
export const LATENCY = 'http.latency';
export const CLIENT_ABORT = 'http.client_abort';

interface Collected {
  readonly unit: string;
  readonly metric: string;
  readonly flag: string | undefined;
  atMs: number;
  value: number;
}

/** How a further outcome of the same unit and metric is folded into the first. */
type Fold = (item: Collected, value: number, atMs: number) => void;

/** A unit fails once in a report: at its first failure. */
const first: Fold = () => undefined;

const largest: Fold = (item, value, atMs) => {
  if (value <= item.value) return;
  item.value = value;
  item.atMs = atMs;
};

const sum: Fold = (item, value) => {
  item.value += value;
};

function foldOf(metric: string): Fold {
  if (metric === ERROR_RATE) return first;
  return metric === LATENCY ? largest : sum;
}

/** Outcomes of one report: one item per unit and metric, and no more than the limit. */
export class OutcomeItems {
  readonly #byMetric = new Map<string, Map<string, Collected>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns false when the item is new and there is no room. */
  add(outcome: OutcomeItem, limit: number): boolean {
    const name = outcome.flag === undefined ? outcome.metric : `${outcome.metric}\n${outcome.flag}`;
    let items = this.#byMetric.get(name);
    if (!items) this.#byMetric.set(name, (items = new Map<string, Collected>()));
    const known = items.get(outcome.unit);
    if (known) {
      foldOf(outcome.metric)(known, outcome.value, outcome.atMs);
      return true;
    }
    if (this.#size >= limit) return false;
    this.#size += 1;
    const { unit, metric, flag, atMs, value } = outcome;
    items.set(unit, { unit, metric, flag, atMs, value });
    return true;
  }

  /** Takes everything out. */
  drain(): OutcomeItem[] {
    const drained: OutcomeItem[] = [];
    for (const items of this.#byMetric.values()) {
      for (const { flag, ...item } of items.values()) {
        drained.push(flag === undefined ? item : { ...item, flag });
      }
    }
    this.#byMetric.clear();
    this.#size = 0;
    return drained;
  }
}
