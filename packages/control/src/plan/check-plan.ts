import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { checkContext } from './check-context.ts';
import { checkMetrics } from './check-metrics.ts';
import { checkSlices } from './check-slices.ts';
import { checkStages } from './check-stages.ts';
import { durationText } from '../document/duration.ts';
import type { Plan } from './types.ts';

/**
 * Everything about a plan that its shape cannot say: stages that only rise (invariant 3), horizons that
 * fit the batches, metrics, margins, weights and slices. `path` is the pointer to the plan in its document.
 */
export function checkPlan(plan: Plan, path = ''): readonly DomainError[] {
  return [
    ...checkUnit(plan, path),
    ...checkStages(plan, path),
    ...checkHorizons(plan, path),
    ...checkBaseline(plan, path),
    ...checkMetrics(plan, path),
    ...checkContext(plan, path),
    ...checkSlices(plan, path),
  ];
}

/** No attribute of a context can have this name, and evaluators refuse it. */
function checkUnit(plan: Plan, path: string): readonly DomainError[] {
  if (plan.unit !== '' && plan.unit !== '__proto__') return [];
  const facts = { plan: plan.key, unit: plan.unit };
  return [domainError('plan_unit_invalid', facts, { path: `${path}/unit` })];
}

function checkHorizons(plan: Plan, path: string): readonly DomainError[] {
  const problems = plan.horizonsMs.flatMap((horizonMs, index) =>
    horizonMs > 0 && horizonMs % plan.batchMs === 0
      ? []
      : [
          domainError(
            'plan_horizon_not_batches',
            { plan: plan.key, horizon: durationText(horizonMs), batch: durationText(plan.batchMs) },
            { path: `${path}/horizons/${index}` },
          ),
        ],
  );
  const rises = plan.horizonsMs.every(
    (each, index) => index === 0 || each > plan.horizonsMs[index - 1]!,
  );
  if (rises && plan.horizonsMs.length > 0) return problems;
  return [
    ...problems,
    domainError('plan_horizons_order', { plan: plan.key }, { path: `${path}/horizons` }),
  ];
}

/** What is frozen before a stage comes from the baseline: one batch of units whose horizon has closed. */
function checkBaseline(plan: Plan, path: string): readonly DomainError[] {
  if (plan.guardrails.length + plan.signals.length === 0) return [];
  const leastMs = plan.batchMs + (plan.horizonsMs[0] ?? 0);
  if (plan.baselineMs >= leastMs) return [];
  const facts = {
    plan: plan.key,
    baseline: durationText(plan.baselineMs),
    least: durationText(leastMs),
  };
  return [domainError('plan_baseline_missing', facts, { path: `${path}/baseline` })];
}
