import type { BudgetEvidence, Evidence } from '../evidence/types.ts';

/** Budgets that are burnt or burn too fast, of guardrails that answer it so. */
export function firingBudgets(
  evidence: Evidence | undefined,
  then: BudgetEvidence['then'],
): readonly BudgetEvidence[] {
  return (evidence?.budgets ?? []).filter(
    (budget) => budget.then === then && (budget.state === 'burnt' || budget.state === 'burning'),
  );
}
