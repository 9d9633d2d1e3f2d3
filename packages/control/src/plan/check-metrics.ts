import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { Guardrail, Plan } from './types.ts';

const MOST_RELATIVE = 100;

/**
 * Margins that tolerate something, metrics named once, weights that share the whole alpha. What needs the
 * definitions of the metrics stands in `check-plan-metrics.ts`.
 */
export function checkMetrics(plan: Plan, path: string): readonly DomainError[] {
  return [
    ...checkEach(plan, 'guardrails', path),
    ...checkEach(plan, 'signals', path),
    ...checkTwice(plan, path),
    ...checkWeights(plan, path),
  ];
}

function checkEach(
  plan: Plan,
  list: 'guardrails' | 'signals',
  path: string,
): readonly DomainError[] {
  return plan[list].flatMap((guardrail, index) => {
    const place = `${path}/${list}/${index}`;
    return checkMargin(plan, guardrail, place);
  });
}

function checkMargin(
  plan: Plan,
  { metric, margin }: Guardrail,
  path: string,
): readonly DomainError[] {
  const facts = { plan: plan.key, metric };
  const place = { path: `${path}/margin` };
  if (margin.relative <= 0 && margin.absolute <= 0) {
    return [domainError('plan_margin_impossible', facts, place)];
  }
  if (margin.relative <= MOST_RELATIVE) return [];
  const tolerated = `${margin.relative * 100} % or ${margin.absolute}`;
  return [domainError('plan_margin_too_wide', { ...facts, margin: tolerated }, place)];
}

function checkTwice(plan: Plan, path: string): readonly DomainError[] {
  const seen = new Set<string>();
  const problems: DomainError[] = [];
  for (const list of ['guardrails', 'signals'] as const) {
    for (const [index, { metric, quantile }] of plan[list].entries()) {
      const name = quantile === undefined ? metric : `${metric} at ${quantile}`;
      const place = { path: `${path}/${list}/${index}` };
      if (seen.has(name))
        problems.push(domainError('plan_metric_twice', { plan: plan.key, metric: name }, place));
      seen.add(name);
    }
  }
  return problems;
}

function checkWeights(plan: Plan, path: string): readonly DomainError[] {
  if (plan.guardrails.length === 0) return [];
  const sum = plan.guardrails.reduce((total, { weight }) => total + weight, 0);
  if (Math.abs(sum - 1) < 1e-6) return [];
  const facts = { plan: plan.key, sum: Number(sum.toFixed(6)) };
  return [domainError('plan_weights', facts, { path: `${path}/guardrails` })];
}
