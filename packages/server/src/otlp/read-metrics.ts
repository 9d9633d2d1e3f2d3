import { type HistogramDataPoint, type Metric, MetricSchema } from '../generated/otlp_pb.ts';
import { type Attributes, attributesOf, millisecondsOf, textAt, wholeAt } from './attributes.ts';
import type { DurationPoint } from './duration-point.ts';
import type { Signal } from './signal.ts';
import type { Told } from './told.ts';

const DELTA = 1;
const CUMULATIVE = 2;
const NO_RECORDED_VALUE = 1;
const FAILED_FROM = 500;

/** Histograms of durations whose points name a flag's variant; other metrics say nothing about an arm. */
export const METRICS: Signal<typeof MetricSchema> = {
  item: MetricSchema,
  members: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  read: readMetric,
};

function readMetric(told: Told, metric: Metric): void {
  const { data } = metric;
  told.items += data.value?.dataPoints.length ?? 0;
  if (data.case !== 'histogram') return;
  const { aggregationTemporality, dataPoints } = data.value;
  if (aggregationTemporality !== DELTA && aggregationTemporality !== CUMULATIVE) return;
  for (const point of dataPoints) {
    if ((point.flags & NO_RECORDED_VALUE) !== 0) continue;
    const attributes = attributesOf(point.attributes);
    const read = pointOf(metric, point, attributes);
    if (read) told.points.push({ ...read, cumulative: aggregationTemporality === CUMULATIVE });
  }
}

function pointOf(
  { name, unit }: Metric,
  point: HistogramDataPoint,
  attributes: Attributes,
): Omit<DurationPoint, 'cumulative'> | undefined {
  const flag = textAt(attributes, 'feature_flag.key');
  const variant = textAt(attributes, 'feature_flag.result.variant', 'feature_flag.variant');
  if (flag === undefined || variant === undefined) return undefined;
  const status = wholeAt(attributes, 'http.response.status_code', 'http.status_code') ?? 0;
  const sorted = [...attributes].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    instrument: name,
    flag,
    variant,
    failed: status >= FAILED_FROM || (status === 0 && attributes.has('error.type')),
    series: JSON.stringify([name, sorted]),
    startMs: millisecondsOf(point.startTimeUnixNano),
    timeMs: millisecondsOf(point.timeUnixNano),
    count: Number(point.count),
    buckets: point.bucketCounts.map(Number),
    boundsMs: point.explicitBounds.map((bound) => (unit === 's' ? bound * 1_000 : bound)),
  };
}
