import { domainError } from '../../error/domain-error.ts';
import type { DomainError } from '../../error/types.ts';
import type { Plan } from '../../plan/types.ts';
import { metricsOf } from '../../telemetry/rollout/hypotheses.ts';
import type { Scenario } from './types.ts';

/** Whether a plan sees what a scenario changes: a failure of something that nobody judges tells nothing. */
export function checkScenario(plan: Plan, scenario: Scenario, path: string): DomainError[] {
  const judged = metricsOf(plan);
  return scenario.effects
    .flatMap(({ metric }) => (metric === undefined || judged.includes(metric) ? [] : [metric]))
    .map((metric) =>
      domainError(
        'scenario_metric_unknown',
        { metric, scenario: scenario.text },
        { path, accepted: judged.join(', ') },
      ),
    );
}
