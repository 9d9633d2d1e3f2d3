import type { ExposureItem, OutcomeItem } from '@downhaul/engine';
import type { CountedItem, CountedPoint, OtlpDrop, SourceFault } from './types.ts';

/** What an export adds up to, while it is read. */
export interface Tally {
  readonly exposures: ExposureItem[];
  readonly outcomes: OutcomeItem[];
  readonly points: CountedPoint[];
  /** Why items were refused, for whoever told them, and how many. */
  readonly refusals: Map<string, number>;
  /** The last use of treatment, by rollout. */
  readonly uses: Map<string, number>;
  readonly dropped: Partial<Record<OtlpDrop, number>>;
  /** Adds to the item of the same rollout, metric, arm, stage and batch. */
  count(item: CountedItem): void;
  use(rollout: string, atMs: number): void;
  drop(cause: OtlpDrop, times?: number): void;
  refuse(text: string, items?: number): void;
  /** Neither arm: ordinary where rules serve it, so it is told and not refused. */
  otherVariant(of: { readonly flag: string; readonly variant: string }, times?: number): void;
  /** One is kept per metric. */
  fault(fault: SourceFault): void;
  faults(): SourceFault[];
  items(): CountedItem[];
}

/** Texts hold names that services chose. */
const MOST_REFUSALS = 100;

export function createTally(): Tally {
  const items = new Map<string, CountedItem>();
  const uses = new Map<string, number>();
  const faults = new Map<string, SourceFault>();
  const refusals = new Map<string, number>();
  const dropped: Tally['dropped'] = {};
  const drop = (cause: OtlpDrop, times = 1) => {
    dropped[cause] = (dropped[cause] ?? 0) + times;
  };
  const refuse = (text: string, items = 1) => {
    if (refusals.size < MOST_REFUSALS || refusals.has(text)) {
      refusals.set(text, (refusals.get(text) ?? 0) + items);
    }
  };
  return {
    exposures: [],
    outcomes: [],
    points: [],
    refusals,
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
    drop,
    refuse,
    otherVariant: ({ flag, variant }, times = 1) => {
      drop('other_variant', times);
      refuse(`${flag}: \`${variant}\` is neither arm of its rollout.`, 0);
    },
    fault: (fault) => {
      const key = `${fault.rollout} ${fault.metric}`;
      if (!faults.has(key)) faults.set(key, fault);
    },
    faults: () => [...faults.values()],
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
