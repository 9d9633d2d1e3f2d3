import type { Plan } from '../plan/types.ts';
import type { KnownMetrics } from './known-metrics.ts';

/** The metrics that a rollout was started with; undefined where its plan knew them by their names alone. */
export function startedMetrics({ metrics }: Plan): KnownMetrics | undefined {
  if (metrics === undefined) return undefined;
  return {
    get: (key) => metrics.find((metric) => metric.key === key),
    keys: () => metrics.map(({ key }) => key),
  };
}
