import { firingBudgets } from '../firing-budgets.ts';
import { withEvidence } from '../evidence-summary.ts';
import { mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

/** An error budget that is burnt or burns too fast rolls back where its guardrail says so. */
export const budget: Step = (input) => {
  const firing = firingBudgets(input.evidence, 'rollback');
  if (!mayExpose(input.rollout) || firing.length === 0) return undefined;
  return {
    step: 'budget',
    command: {
      type: 'rollbackRollout',
      ...target(input),
      cause: { code: 'budget_burnt', text: firing.map(({ text }) => text).join(' ') },
      ...withEvidence(input),
    },
  };
};
