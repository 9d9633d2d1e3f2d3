import type { TrackedValues } from '@downhaul/engine';
import { CLIENT_ABORT, DENIED, ERROR_RATE, LATENCY } from './metric-names.ts';

/** What a report says of one unit and metric. */
export interface FoldedOutcome {
  atMs: number;
  /** Of tracked metrics, the number of times. */
  value: number;
  /** When the last of several happened, where they are several. */
  lastAtMs?: number;
  values?: TrackedValues;
}

/** How a further outcome of the same unit and metric is folded into the first. */
export type Fold = (item: FoldedOutcome, further: FoldedOutcome) => void;

/** A unit fails once in a report: at its first failure. */
const earliest: Fold = (item, { atMs }) => {
  item.atMs = Math.min(item.atMs, atMs);
};

const largest: Fold = (item, { atMs, value }) => {
  if (value <= item.value) return;
  item.value = value;
  item.atMs = atMs;
};

/**
 * Of what is tracked first and last time, number and values are kept: who came back shows in the last
 * time, a mean needs the sum.
 */
const tracked: Fold = (item, further) => {
  if (item.values !== undefined || further.values !== undefined) {
    item.values = addedValues(item, further);
  }
  const firstMs = Math.min(item.atMs, further.atMs);
  const lastMs = Math.max(lastOf(item), lastOf(further));
  item.value += further.value;
  item.atMs = firstMs;
  if (lastMs > firstMs) item.lastAtMs = lastMs;
};

export function foldOf(metric: string): Fold {
  if (metric === ERROR_RATE || metric === CLIENT_ABORT || metric === DENIED) return earliest;
  return metric === LATENCY ? largest : tracked;
}

function addedValues(item: FoldedOutcome, further: FoldedOutcome): TrackedValues {
  const before = valuesOf(item);
  const after = valuesOf(further);
  const [older, newer] = lastOf(further) >= lastOf(item) ? [before, after] : [after, before];
  const atOnce = lastOf(further) === lastOf(item);
  return {
    sum: before.sum + after.sum,
    largest: Math.max(before.largest, after.largest),
    last: atOnce ? Math.max(older.last, newer.last) : newer.last,
  };
}

/** A time without a value counts as 1. */
function valuesOf({ value, values }: FoldedOutcome): TrackedValues {
  return values ?? { sum: value, largest: 1, last: 1 };
}

function lastOf({ atMs, lastAtMs }: FoldedOutcome): number {
  return lastAtMs ?? atMs;
}
