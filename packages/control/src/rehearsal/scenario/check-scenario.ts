import { shareText } from '../../document/percentage.ts';
import { domainError } from '../../error/domain-error.ts';
import type { DomainError } from '../../error/types.ts';
import { declaredAllocations, largestShare } from '../../plan/stage-allocations.ts';
import type { Plan } from '../../plan/types.ts';
import { metricsOf } from '../../telemetry/rollout/hypotheses.ts';
import type { Scenario } from './types.ts';

/**
 * Whether a plan sees what a scenario changes: a failure of something that nobody judges, or in a stage that there
 * is not, tells nothing and would look healthy.
 */
export function checkScenario(plan: Plan, scenario: Scenario, path: string): DomainError[] {
  return [...checkMetrics(plan, scenario, path), ...checkShares(plan, scenario, path)];
}

function checkMetrics(plan: Plan, scenario: Scenario, path: string): DomainError[] {
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

function checkShares(plan: Plan, { text, effects, losses }: Scenario, path: string): DomainError[] {
  const shares = plan.stages.map((_, stage) => largestShare(declaredAllocations(plan, stage)));
  const largest = Math.max(0, ...shares);
  return [...effects, ...losses]
    .filter(({ onset }) => onset.fromPerMillion > largest)
    .map(({ onset }) => {
      const facts = { scenario: text, from: shareText(onset.fromPerMillion) };
      const place = { path, accepted: `from ${shareText(largest)} or less` };
      return domainError('scenario_never_begins', facts, place);
    });
}
