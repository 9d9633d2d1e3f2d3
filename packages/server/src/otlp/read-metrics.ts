import type {
  ExponentialHistogramDataPoint,
  HistogramDataPoint,
  Metric,
  NumberDataPoint,
} from '../generated/otlp_pb.ts';
import { MetricSchema } from '../generated/otlp_pb.ts';
import { type Attributes, attributesOf, millisecondsOf, textAt, wholeAt } from './attributes.ts';
import type { ToldPoint } from '@downhaul/control';
import type { Signal } from './signal.ts';
import { type Told, tellRefused } from './told.ts';

const DELTA = 1;
const CUMULATIVE = 2;
const NO_RECORDED_VALUE = 1;
const FAILED_FROM = 500;
/** Of an export: what `rollout check` names of them. */
const MOST_INSTRUMENTS = 100;

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
};

/**
 * Histograms of durations and counters of requests whose points name a flag's variant; other metrics say nothing
 * about an arm. What names one and cannot be counted is refused, with the reason.
 */
export const METRICS: Signal<typeof MetricSchema> = {
  item: MetricSchema,
  members: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  read: readMetric,
};

type DataPoint = HistogramDataPoint | ExponentialHistogramDataPoint | NumberDataPoint;

function readMetric(told: Told, metric: Metric): void {
  const { data } = metric;
  told.items += data.value?.dataPoints.length ?? 0;
  if (told.instruments.size < MOST_INSTRUMENTS) told.instruments.add(metric.name);
  const why = whyUncountable(data);
  for (const point of data.value?.dataPoints ?? []) {
    if ('flags' in point && (point.flags & NO_RECORDED_VALUE) !== 0) continue;
    const attributes = attributesOf(point.attributes);
    const flag = textAt(attributes, 'feature_flag.key');
    if (flag === undefined) continue;
    const variant = textAt(attributes, 'feature_flag.result.variant', 'feature_flag.variant');
    const refused = (text: string) => tellRefused(told, { flag, instrument: metric.name, text });
    if (variant === undefined) refused('a point names no variant.');
    else if (why !== undefined) refused(why);
    else {
      const read = pointOf(metric, point as DataPoint, { attributes, flag, variant });
      if (typeof read === 'string') refused(read);
      else told.points.push(read);
    }
  }
}

function whyUncountable(data: Metric['data']): string | undefined {
  switch (data.case) {
    case 'gauge':
      return 'it is a gauge, which counts nothing; a histogram or a counter is needed.';
    case 'summary':
      return 'it is a summary, whose quantiles cannot be counted; a histogram is needed.';
    case undefined:
      return 'it is of a kind that is not known.';
    case 'sum':
      if (!data.value.isMonotonic) return 'it is a sum that may fall; a counter is needed.';
  }
  const { aggregationTemporality } = data.value;
  if ([DELTA, CUMULATIVE].includes(aggregationTemporality)) return undefined;
  return 'it does not say whether it is a delta or cumulative.';
}

interface About {
  readonly attributes: Attributes;
  readonly flag: string;
  readonly variant: string;
}

function pointOf(
  { name, unit, data }: Metric,
  point: DataPoint,
  { attributes, flag, variant }: About,
): ToldPoint | string {
  const timeMs = millisecondsOf(point.timeUnixNano);
  const startMs = millisecondsOf(point.startTimeUnixNano);
  if (timeMs === 0) return 'a point names no time.';
  const count = countOf(point);
  if (count === undefined) return 'a point has no whole number of requests.';
  const status = wholeAt(attributes, 'http.response.status_code', 'http.status_code') ?? 0;
  const sorted = [...attributes].sort(([one], [other]) => (one < other ? -1 : 1));
  const unitMs = UNIT_MS[unit];
  return {
    instrument: name,
    flag,
    variant,
    failed: status >= FAILED_FROM || (status === 0 && attributes.has('error.type')),
    series: JSON.stringify([name, sorted]),
    cumulative: isCumulative(data),
    startMs,
    timeMs,
    count,
    ...bucketsOf(point, unitMs ?? NaN),
    ...(unitMs === undefined
      ? {
          unitProblem: `its unit is ${unit === '' ? 'not said' : `\`${unit}\``}; s or ms is needed.`,
        }
      : {}),
  };
}

function isCumulative(data: Metric['data']): boolean {
  const value = data.value as { readonly aggregationTemporality?: number } | undefined;
  return value?.aggregationTemporality === CUMULATIVE;
}

/** Requests of a point; undefined where it is no number that can be counted to. */
function countOf(point: DataPoint): number | undefined {
  const count = 'count' in point ? Number(point.count) : Number(point.value.value ?? NaN);
  const whole = Math.round(count);
  return Number.isSafeInteger(whole) && whole >= 0 ? whole : undefined;
}

function bucketsOf(
  point: DataPoint,
  unitMs: number,
): Pick<ToldPoint, 'buckets' | 'boundsMs' | 'exponential'> {
  if ('explicitBounds' in point) {
    const boundsMs = point.explicitBounds.map((bound) => bound * unitMs);
    return { buckets: point.bucketCounts.map(Number), boundsMs };
  }
  if (!('scale' in point)) return { buckets: [], boundsMs: [] };
  const { scale, positive, zeroThreshold } = point;
  const { offset = 0, bucketCounts = [] } = positive ?? {};
  const counts = bucketCounts.map(Number);
  const exponential = { scale, offset, counts, unitMs, zeroMs: zeroThreshold * unitMs };
  return { buckets: [], boundsMs: [], exponential };
}
