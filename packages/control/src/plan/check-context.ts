import { durationText } from '../document/duration.ts';
import { ratioText } from '../document/percentage.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { COARSE_KEPT_MS, COARSE_SLOT_MS } from '../telemetry/hours/note-hours.ts';
import type { Guardrail, Plan } from './types.ts';

/** Error budgets that can be spent and are remembered long enough, and a watch that can be quiet. */
export function checkContext(plan: Plan, path: string): readonly DomainError[] {
  return [
    ...(['guardrails', 'signals'] as const).flatMap((list) =>
      plan[list].flatMap((guardrail, index) =>
        checkBudget(plan, guardrail, `${path}/${list}/${index}/budget`),
      ),
    ),
    ...checkWatch(plan, path),
  ];
}

function checkBudget(
  plan: Plan,
  { metric, budget }: Guardrail,
  path: string,
): readonly DomainError[] {
  if (budget === undefined) return [];
  const { objective, windowMs } = budget;
  const isKept = windowMs >= COARSE_SLOT_MS && windowMs <= COARSE_KEPT_MS;
  if (objective > 0 && objective < 1 && isKept) return [];
  const facts = {
    plan: plan.key,
    metric,
    objective: ratioText(objective),
    window: durationText(windowMs),
  };
  return [domainError('plan_budget_impossible', facts, { path })];
}

function checkWatch({ key, watch, batchMs }: Plan, path: string): readonly DomainError[] {
  if (watch === undefined || watch.falseAlarmEveryMs >= 2 * batchMs) return [];
  const facts = {
    plan: key,
    every: durationText(watch.falseAlarmEveryMs),
    batch: durationText(batchMs),
  };
  return [domainError('plan_watch_alarms', facts, { path: `${path}/watch/falseAlarmEvery` })];
}
