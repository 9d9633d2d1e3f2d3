import { startedMetrics } from '../../metric/started-metrics.ts';
import type { Plan } from '../../plan/types.ts';

/** When units of a rollout are counted, ascending: the horizons of its plan, and the windows of its metrics. */
export function horizonsOf(plan: Plan): readonly number[] {
  const windows = (plan.metrics ?? []).flatMap(({ windowMs }) => windowMs ?? []);
  return [...new Set([...plan.horizonsMs, ...windows])].sort((one, other) => one - other);
}

/** When one metric is judged: at the end of its own window, else at every horizon of the plan. */
export function metricHorizons(plan: Plan, metric: string): readonly number[] {
  const windowMs = startedMetrics(plan)?.get(metric)?.windowMs;
  return windowMs === undefined ? plan.horizonsMs : [windowMs];
}
