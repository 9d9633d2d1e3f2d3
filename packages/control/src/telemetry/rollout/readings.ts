import { latencyBucketOf, type OutcomeItem } from '@downhaul/engine';
import { eventsOf } from '../../metric/events.ts';
import { startedMetrics } from '../../metric/started-metrics.ts';
import type { Metric } from '../../metric/types.ts';
import type { Plan } from '../../plan/types.ts';
import type { UnitRecord } from './units/unit-record.ts';
import { metricHorizons } from './horizons.ts';
import { metricsOf } from './hypotheses.ts';
import { type Keeps, noteSeries, type SeriesRule } from './unit-series.ts';

/** How an outcome is kept for one metric of a rollout. */
export type Reading = WorstReading | SeriesReading;

/** The worst outcome says all: whether it happened, or how slow it was. */
interface WorstReading {
  readonly into: 'worst';
  readonly metric: number;
  /** True where values have to be put into buckets; `http.latency` comes in them. */
  readonly isBucketed: boolean;
}

/** More of it must be kept, see `unit-series.ts`. */
interface SeriesReading {
  readonly into: 'series';
  readonly rule: SeriesRule;
  readonly step: number;
}

/** By the name that outcomes carry: one event may serve several metrics. */
export type Readings = ReadonlyMap<string, readonly Reading[]>;

/** What is read of an outcome. */
export type ReadItem = Pick<OutcomeItem, 'metric' | 'atMs' | 'value' | 'lastAtMs' | 'values'>;

/** The one event whose reports carry buckets. */
const LATENCY = 'http.latency';

/** How a rollout reads outcomes, by what its plan says of its metrics; by their names alone where it says nothing. */
export function readingsOf(plan: Plan): Readings {
  const readings = new Map<string, Reading[]>();
  for (const [number, name] of metricsOf(plan).entries()) {
    const metric = startedMetrics(plan)?.get(name);
    for (const [step, event] of (metric === undefined ? [name] : eventsOf(metric)).entries()) {
      const known = readings.get(event) ?? [];
      known.push(readingOf({ plan, metric, event }, number, step));
      readings.set(event, known);
    }
  }
  return readings;
}

/** The value of an outcome whose worst says all. */
export function worstValue({ isBucketed }: WorstReading, item: ReadItem): number {
  return isBucketed ? latencyBucketOf(item.values?.largest ?? 0) : item.value;
}

/** Keeps an outcome of which more than the worst is needed. Between the first and last of several nothing is known. */
export function noteReading(
  record: UnitRecord,
  { rule, step }: SeriesReading,
  item: ReadItem,
): void {
  const lastAtMs = item.lastAtMs ?? item.atMs;
  if (rule.keeps !== 'times') {
    const atMs = rule.keeps === 'last' ? lastAtMs : item.atMs;
    noteSeries(record, rule, { step, atMs, value: valueOf(item, rule.keeps) });
    return;
  }
  noteSeries(record, rule, { step, atMs: item.atMs, value: 0 });
  if (lastAtMs > item.atMs) noteSeries(record, rule, { step, atMs: lastAtMs, value: 0 });
}

function valueOf({ value, values }: ReadItem, keeps: Exclude<Keeps, 'times'>): number {
  if (values === undefined) return keeps === 'sum' ? value : 1;
  if (keeps === 'sum') return values.sum;
  return keeps === 'last' ? values.last : values.largest;
}

interface Named {
  readonly plan: Plan;
  readonly metric: Metric | undefined;
  readonly event: string;
}

function readingOf({ plan, metric, event }: Named, number: number, step: number): Reading {
  const keeps = keepsOf(metric);
  if (metric === undefined || keeps === undefined) {
    const isBucketed = metric?.kind === 'quantile' && event !== LATENCY;
    return { into: 'worst', metric: number, isBucketed };
  }
  const horizonsMs = metricHorizons(plan, metric.key);
  return { into: 'series', rule: { metric: number, keeps, horizonsMs }, step };
}

function keepsOf(metric: Metric | undefined): Keeps | undefined {
  switch (metric?.kind) {
    case 'mean':
      return metric.aggregate ?? 'sum';
    case 'funnel':
    case 'retention':
      return 'times';
    default:
      return undefined;
  }
}
