import type { ExposureItem, OutcomeItem } from '@downhaul/engine';
import type { CountedItem, OtlpDrop } from './types.ts';

/** What an export adds up to, while it is read. */
export interface Tally {
  readonly exposures: ExposureItem[];
  readonly outcomes: OutcomeItem[];
  /** The last use of treatment, by rollout. */
  readonly uses: Map<string, number>;
  readonly dropped: Partial<Record<OtlpDrop, number>>;
  /** Adds to the item of the same rollout, metric, arm, stage and batch. */
  count(item: CountedItem): void;
  use(rollout: string, atMs: number): void;
  drop(cause: OtlpDrop, times?: number): void;
  items(): CountedItem[];
}

export function createTally(): Tally {
  const items = new Map<string, CountedItem>();
  const uses = new Map<string, number>();
  const dropped: Tally['dropped'] = {};
  return {
    exposures: [],
    outcomes: [],
    uses,
    dropped,
    count: (item) => {
      const key = `${item.rollout} ${item.metric} ${item.arm} ${item.stage} ${item.batch}`;
      const known = items.get(key);
      items.set(key, known === undefined ? item : merged(known, item));
    },
    use: (rollout, atMs) => {
      uses.set(rollout, Math.max(atMs, uses.get(rollout) ?? 0));
    },
    drop: (cause, times = 1) => {
      dropped[cause] = (dropped[cause] ?? 0) + times;
    },
    items: () => [...items.values()],
  };
}

function merged(one: CountedItem, other: CountedItem): CountedItem {
  return {
    ...one,
    fromMs: Math.min(one.fromMs, other.fromMs),
    toMs: Math.max(one.toMs, other.toMs),
    exposure: one.exposure + other.exposure,
    events: one.events + other.events,
  };
}
