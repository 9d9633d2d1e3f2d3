import { durationText } from '../document/duration.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { Metric } from '../metric/types.ts';
import { tellsArms } from '../source/query.ts';
import type { Guardrail, Plan } from './types.ts';

/** A range that holds fewer samples tells no increase. */
const LEAST_SCRAPES = 2;

/** Whether a guardrail can be judged by what its source counts. */
export function checkPlanSource(
  plan: Plan,
  {
    guardrail,
    metric: { key, source },
  }: { readonly guardrail: Guardrail; readonly metric: Metric },
  path: string,
): DomainError[] {
  if (source.type !== 'prometheus') return [];
  const facts = { plan: plan.key, metric: key };
  const problems: DomainError[] = [];
  // Of the whole service nothing can be compared, but an error budget can be spent.
  if (!tellsArms(source) && guardrail.budget === undefined) {
    problems.push(domainError('plan_metric_without_arms', facts, { path: `${path}/metric` }));
  }
  if (plan.batchMs < LEAST_SCRAPES * source.scrapeMs) {
    const batch = durationText(plan.batchMs);
    const scrape = durationText(source.scrapeMs);
    const place = { path: `${path}/metric` };
    problems.push(domainError('plan_batch_below_scrapes', { ...facts, batch, scrape }, place));
  }
  return problems;
}
