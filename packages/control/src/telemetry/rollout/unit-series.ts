import type { UnitRecord } from './units/unit-record.ts';

/**
 * Some metrics need more of a unit than its worst outcome (`unit-outcomes.ts`): what its values come to,
 * or when things happened. Each entry takes four numbers of one list: metric, step, time, value.
 */
const METRIC = 0;
const STEP = 1;
const AT = 2;
const VALUE = 3;
const WIDTH = 4;

/** Entries kept per unit and metric; of what happens at times, per step. */
const MAX_ENTRIES = 16;

/** Values are kept in whole millionths: sums of them are exact, so no order of arrival shows in them. */
const MICROS = 1_000_000;
/** Further than this from 0 no value of a report counts. */
const LARGEST_VALUE = 1e9;

/** What is kept of the entries of a metric: `times` keeps each, the others one per horizon. */
export type Keeps = 'sum' | 'last' | 'max' | 'times';

/** How entries of one metric are kept. */
export interface SeriesRule {
  /** Number of the metric in its rollout. */
  readonly metric: number;
  readonly keeps: Keeps;
  /** The horizons at which the metric is judged, ascending. */
  readonly horizonsMs: readonly number[];
}

interface SeriesEntry {
  /** Of a funnel: the number of the event among its steps, from 0. */
  readonly step: number;
  readonly atMs: number;
  /** As reported. */
  readonly value: number;
}

interface Kept {
  readonly metric: number;
  readonly step: number;
  readonly atMs: number;
  /** In millionths. */
  readonly micros: number;
}

/**
 * Keeps an entry of a unit. As long as no batch has counted the unit, its beginning may still move to an
 * earlier sighting, so entries stay apart by their times; from then on one per horizon says all. A unit
 * with more entries than are kept has its earliest taken together; of `times` the first and the last stay.
 * What is kept depends on the entries alone, never on the order they arrive in.
 */
export function noteSeries(record: UnitRecord, rule: SeriesRule, entry: SeriesEntry): void {
  const { firstAtMs, fresh } = record;
  const longestMs = rule.horizonsMs.at(-1) ?? 0;
  if (entry.atMs > firstAtMs + longestMs || (!fresh && entry.atMs < firstAtMs)) return;
  const series = (record.series ??= []);
  const micros = rule.keeps === 'times' ? 0 : microsOf(entry.value);
  const { step, atMs } = entry;
  const kept = takeOut(series, rule.metric, step);
  kept.push({ metric: rule.metric, step, atMs, micros });
  kept.sort((one, other) => one.atMs - other.atMs);
  const joined = joinedAtOnce(kept, rule.keeps);
  const isSettled = !fresh && rule.keeps !== 'times';
  put(series, bounded(isSettled ? joinedByHorizon(joined, rule, firstAtMs) : joined, rule.keeps));
}

/** What a unit's values come to within a horizon, both ends included, in the metric's unit; undefined without any. */
export function valueWithin(
  record: UnitRecord,
  { metric, keeps }: Pick<SeriesRule, 'metric' | 'keeps'>,
  horizonMs: number,
): number | undefined {
  let found: Kept | undefined;
  for (const entry of within(record, metric, { fromMs: 0, horizonMs })) {
    found = found === undefined ? entry : joinedOf(found, entry, keeps);
  }
  return found === undefined ? undefined : found.micros / MICROS;
}

/** Whether anything happened at or after `afterMs` from the beginning, and within the horizon. */
export function happenedWithin(
  record: UnitRecord,
  metric: number,
  { afterMs, horizonMs }: { readonly afterMs: number; readonly horizonMs: number },
): boolean {
  return within(record, metric, { fromMs: afterMs, horizonMs }).length > 0;
}

/**
 * How many steps a unit took, in order of time: each step at or after the one before. The earliest time
 * that fits is taken for each, which leaves the most room for the next.
 */
export function stepsWithin(
  record: UnitRecord,
  { metric, steps }: { readonly metric: number; readonly steps: number },
  horizonMs: number,
): number {
  const entries = within(record, metric, { fromMs: 0, horizonMs });
  let sinceMs = record.firstAtMs;
  for (let step = 0; step < steps; step++) {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const entry of entries) {
      if (entry.step === step && entry.atMs >= sinceMs) {
        earliestMs = Math.min(earliestMs, entry.atMs);
      }
    }
    if (earliestMs === Number.POSITIVE_INFINITY) return step;
    sinceMs = earliestMs;
  }
  return steps;
}

function microsOf(value: number): number {
  return Math.round(Math.max(-LARGEST_VALUE, Math.min(LARGEST_VALUE, value)) * MICROS);
}

function within(
  { series, firstAtMs }: UnitRecord,
  metric: number,
  { fromMs, horizonMs }: { readonly fromMs: number; readonly horizonMs: number },
): Kept[] {
  if (series === undefined) return [];
  const found: Kept[] = [];
  for (let at = 0; at < series.length; at += WIDTH) {
    if (series[at + METRIC] !== metric) continue;
    const entry = entryAt(series, at);
    const sinceMs = entry.atMs - firstAtMs;
    if (sinceMs >= fromMs && sinceMs <= horizonMs) found.push(entry);
  }
  return found;
}

/** Entries of the same time are one. */
function joinedAtOnce(entries: readonly Kept[], keeps: Keeps): Kept[] {
  return joinedWhere(entries, keeps, (one, other) => one.atMs === other.atMs);
}

/** Of entries that enter at the same horizon for the first time one is enough. */
function joinedByHorizon(
  entries: readonly Kept[],
  { keeps, horizonsMs }: SeriesRule,
  firstAtMs: number,
): Kept[] {
  const counted = entries.filter(({ atMs }) => atMs >= firstAtMs);
  const horizonOf = ({ atMs }: Kept) =>
    horizonsMs.findIndex((horizonMs) => atMs - firstAtMs <= horizonMs);
  return joinedWhere(counted, keeps, (one, other) => horizonOf(one) === horizonOf(other));
}

/** Entries are in order of time, so those that belong together are neighbours. */
function joinedWhere(
  entries: readonly Kept[],
  keeps: Keeps,
  belong: (one: Kept, other: Kept) => boolean,
): Kept[] {
  const joined: Kept[] = [];
  for (const entry of entries) {
    const last = joined.at(-1);
    if (last !== undefined && belong(last, entry)) {
      joined[joined.length - 1] = joinedOf(last, entry, keeps);
    } else joined.push(entry);
  }
  return joined;
}

/** Two entries as one, at the time of the later. */
function joinedOf(one: Kept, other: Kept, keeps: Keeps): Kept {
  const later = other.atMs > one.atMs ? other : one;
  const atOnce = one.atMs === other.atMs;
  switch (keeps) {
    case 'sum':
      return { ...later, micros: one.micros + other.micros };
    case 'last':
      return atOnce ? { ...later, micros: Math.max(one.micros, other.micros) } : later;
    case 'max':
      return { ...later, micros: Math.max(one.micros, other.micros) };
    case 'times':
      return later;
  }
}

function bounded(entries: Kept[], keeps: Keeps): Kept[] {
  const [first, second, ...rest] = entries;
  if (entries.length <= MAX_ENTRIES || first === undefined || second === undefined) return entries;
  if (keeps !== 'times') return [joinedOf(first, second, keeps), ...rest];
  return entries.toSpliced(MAX_ENTRIES / 2, 1);
}

/** Takes the entries of one metric and step out of the list, which closes up. */
function takeOut(series: number[], metric: number, step: number): Kept[] {
  const taken: Kept[] = [];
  let length = 0;
  for (let at = 0; at < series.length; at += WIDTH) {
    const entry = entryAt(series, at);
    if (entry.metric === metric && entry.step === step) taken.push(entry);
    else {
      series.copyWithin(length, at, at + WIDTH);
      length += WIDTH;
    }
  }
  series.length = length;
  return taken;
}

function put(series: number[], entries: readonly Kept[]): void {
  for (const { metric, step, atMs, micros } of entries) series.push(metric, step, atMs, micros);
}

function entryAt(series: readonly number[], at: number): Kept {
  return {
    metric: series[at + METRIC] ?? 0,
    step: series[at + STEP] ?? 0,
    atMs: series[at + AT] ?? 0,
    micros: series[at + VALUE] ?? 0,
  };
}
