import type { Plan } from '@downhaul/control';
import { expect, test } from 'vitest';
import { loosening } from '../../src/plan/loosening.ts';
import { somePlan } from '../support/world.ts';

const DAY_MS = 86_400_000;

function withBudget(objective: number, then: 'hold' | 'rollback'): Plan {
  const plan = somePlan();
  const budget = { objective, windowMs: 30 * DAY_MS, then };
  return { ...plan, guardrails: plan.guardrails.map((guardrail) => ({ ...guardrail, budget })) };
}

const watching = (watch: NonNullable<Plan['watch']>) => somePlan({ watch });
const shared = (then: 'rollback' | 'hold') => somePlan({ whenShared: { then } });
const every = (days: number) => ({ falseAlarmEveryMs: days * DAY_MS });

test.each<[string, Plan, Plan]>([
  ['a budget where there was none', somePlan(), withBudget(0.99, 'hold')],
  ['a higher objective', withBudget(0.99, 'hold'), withBudget(0.999, 'rollback')],
  ['a rollback for what is shared', shared('hold'), shared('rollback')],
  ['a longer watch', watching({ forMs: DAY_MS, ...every(90) }), watching(every(90))],
  ['more alarms', somePlan(), watching(every(30))],
])('%s tightens', (_, before, after) => {
  expect(loosening(before, after)).toBeUndefined();
  expect(loosening(after, before)).toBeDefined();
});
