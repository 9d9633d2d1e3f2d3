import { durationText } from '../document/duration.ts';
import { pointer } from '../document/pointer.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { KnownMetrics } from '../metric/known-metrics.ts';
import { nearestName } from '../metric/nearest-name.ts';
import type { Metric } from '../metric/types.ts';
import { checkPlanSource } from './check-plan-sources.ts';
import type { Guardrail, Plan, SuccessCriterion } from './types.ts';

/** A plan, and the metrics that it may name. */
interface Checking {
  readonly plan: Plan;
  readonly known: KnownMetrics;
}

/**
 * Whether the metrics that a plan names are there, and can be judged as it says. `path` is the pointer to
 * the plan in its document.
 */
export function checkPlanMetrics(
  plan: Plan,
  known: KnownMetrics,
  path = '',
): readonly DomainError[] {
  const checking = { plan, known };
  return [
    ...checkGuardrails(checking, 'guardrails', path),
    ...checkGuardrails(checking, 'signals', path),
    ...plan.success.flatMap((criterion, index) =>
      checkSuccess(checking, criterion, pointer(`${path}/success`, index)),
    ),
  ];
}

function checkGuardrails(
  checking: Checking,
  list: 'guardrails' | 'signals',
  path: string,
): readonly DomainError[] {
  return checking.plan[list].flatMap((guardrail, index) => {
    const place = pointer(`${path}/${list}`, index);
    const metric = checking.known.get(guardrail.metric);
    if (metric === undefined) return [unknownMetric(checking, guardrail.metric, place)];
    return [
      ...checkQuantile(checking.plan, { guardrail, metric }, place),
      ...checkWorse(checking.plan, { guardrail, metric }, place),
      ...checkMargin(checking.plan, { guardrail, metric }, place),
      ...checkWindow(checking.plan, metric, place),
      ...checkPlanSource(checking.plan, { guardrail, metric }, place),
    ];
  });
}

function unknownMetric({ plan, known }: Checking, metric: string, path: string): DomainError {
  const names = known.keys();
  const meant = nearestName(metric, names);
  const accepted = meant === undefined ? names.join(', ') : `${meant}, if that was meant`;
  const place = { path: `${path}/metric`, accepted };
  return domainError('plan_metric_unknown', { plan: plan.key, metric }, place);
}

interface Guarded {
  readonly guardrail: Guardrail;
  readonly metric: Metric;
}

function checkQuantile(
  plan: Plan,
  { guardrail: { quantile }, metric: { key, kind } }: Guarded,
  path: string,
): readonly DomainError[] {
  const facts = { plan: plan.key, metric: key };
  const place = { path: `${path}/quantile` };
  if (kind === 'quantile' && quantile === undefined) {
    return [domainError('plan_quantile_missing', facts, place)];
  }
  if (kind === 'quantile' || quantile === undefined) return [];
  return [domainError('plan_quantile_metric', { ...facts, kind }, place)];
}

function checkWorse(
  plan: Plan,
  { guardrail: { worse }, metric }: Guarded,
  path: string,
): readonly DomainError[] {
  if (worse === undefined || worse === metric.worse) return [];
  const facts = { plan: plan.key, metric: metric.key, worse };
  const place = { path: `${path}/worse`, accepted: metric.worse };
  return [domainError('plan_worse_contradicts', facts, place)];
}

/** A margin of a mean is in its unit; of anything else it is a difference of shares. */
function checkMargin(
  plan: Plan,
  { guardrail: { margin }, metric }: Guarded,
  path: string,
): readonly DomainError[] {
  const facts = { plan: plan.key, metric: metric.key };
  const place = { path: `${path}/margin` };
  const tolerated = `${margin.relative * 100} % or ${margin.absolute}`;
  // Held between -cap and cap, two means are at most two caps apart.
  const reach = metric.kind === 'mean' ? 2 * (metric.cap ?? Number.POSITIVE_INFINITY) : 1;
  const fallsByAll = metric.worse === 'lower' && margin.relative + margin.absolute / reach >= 1;
  if (fallsByAll || (metric.kind === 'mean' && margin.absolute >= reach)) {
    return [domainError('plan_margin_unreachable', { ...facts, margin: tolerated }, place)];
  }
  if (margin.absolute < reach) return [];
  return [domainError('plan_margin_too_wide', { ...facts, margin: tolerated }, place)];
}

function checkWindow(
  plan: Plan,
  { key, kind, windowMs }: Metric,
  path: string,
): readonly DomainError[] {
  if (windowMs === undefined) return [];
  if (windowMs % plan.batchMs === 0) return checkBaseline(plan, { kind, windowMs });
  const facts = {
    plan: plan.key,
    metric: key,
    window: durationText(windowMs),
    batch: durationText(plan.batchMs),
  };
  return [domainError('plan_window_not_batches', facts, { path: `${path}/metric` })];
}

/** How finely to look at a mean, and where a quantile lies, only closed windows of the baseline can tell. */
function checkBaseline(
  plan: Plan,
  { kind, windowMs }: { readonly kind: Metric['kind']; readonly windowMs: number },
): readonly DomainError[] {
  const leastMs = plan.batchMs + windowMs;
  if ((kind !== 'mean' && kind !== 'quantile') || plan.baselineMs >= leastMs) return [];
  const facts = {
    plan: plan.key,
    baseline: durationText(plan.baselineMs),
    least: durationText(leastMs),
  };
  return [domainError('plan_baseline_missing', facts, { path: '/baseline' })];
}

function checkSuccess(
  checking: Checking,
  { metric: name, better }: SuccessCriterion,
  path: string,
): readonly DomainError[] {
  const { plan, known } = checking;
  const metric = known.get(name);
  if (metric === undefined) return [unknownMetric(checking, name, path)];
  const facts = { plan: plan.key, metric: name };
  if (metric.kind === 'quantile') {
    return [domainError('plan_success_unmeasurable', facts, { path: `${path}/metric` })];
  }
  if (better === metric.worse) {
    return [
      domainError('plan_success_contradicts', { ...facts, better }, { path: `${path}/better` }),
    ];
  }
  return checkWindow(plan, metric, path);
}
