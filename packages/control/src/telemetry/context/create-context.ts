import { metricsOf } from '../rollout/hypotheses.ts';
import type { EnvironmentHours } from '../hours/types.ts';
import type { RolloutState } from '../../rollout/types.ts';
import { earlierDays } from './earlier-days.ts';
import type { EarlierDays, RolloutContext } from './types.ts';

/** The context of a rollout that starts now; the same hours of earlier days are recorded with it. */
export function createContext(
  { plan, startedAtMs }: Pick<RolloutState, 'plan' | 'startedAtMs'>,
  hours: EnvironmentHours,
  affects: readonly string[],
): RolloutContext {
  const earlier: Record<string, EarlierDays> = {};
  for (const metric of metricsOf(plan)) {
    const days = earlierDays(hours, { metric, services: affects, nowMs: startedAtMs });
    if (days !== undefined) earlier[metric] = days;
  }
  return { earlier, attribution: {}, whole: {}, watch: {} };
}
