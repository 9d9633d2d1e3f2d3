import type { Plan } from '../plan/types.ts';
import { metricNamesOf } from './freeze-metrics.ts';
import type { MetricDefinition } from './types.ts';

/** The names that outcomes of a metric carry in reports. */
export function eventsOf({ key, source, steps }: MetricDefinition): readonly string[] {
  if (steps !== undefined) return steps;
  return [source.type === 'sdk' ? (source.event ?? key) : key];
}

/** The names of all outcomes that a plan needs, each once. A metric without a definition is its own. */
export function planEvents(plan: Plan): readonly string[] {
  const events = metricNamesOf(plan).flatMap((name) => {
    const metric = plan.metrics?.find(({ key }) => key === name);
    return metric === undefined ? [name] : eventsOf(metric);
  });
  return [...new Set(events)];
}
