import type { JsonValue } from '@downhaul/engine';
import type { MetricDefinition } from '../metric/types.ts';
import { durationText } from './duration.ts';
import { writeMetricSource } from './metric-source.ts';

/** The document of a metric, every default written out: `readMetricDocument` gives the definition back. */
export function writeMetricDocument(metric: MetricDefinition): JsonValue {
  const { key, kind, source, worse, unit, windowMs, cap, aggregate, steps, afterMs } = metric;
  return {
    metric: key,
    kind,
    source: writeMetricSource(source),
    worse,
    ...(unit === undefined ? {} : { unit }),
    ...(windowMs === undefined ? {} : { window: durationText(windowMs) }),
    ...(cap === undefined ? {} : { cap }),
    ...(aggregate === undefined ? {} : { aggregate }),
    ...(steps === undefined ? {} : { steps }),
    ...(afterMs === undefined ? {} : { after: durationText(afterMs) }),
    owner: metric.owner,
    description: metric.description,
  };
}
