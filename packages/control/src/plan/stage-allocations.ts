import type { Allocation } from '@downhaul/engine';
import type { Plan } from './types.ts';

export const WHOLE_PER_MILLION = 1_000_000;

/** Who is served at what share in a stage; no share is above what the holdback leaves. */
export function stageAllocations(plan: Plan, stage: number): readonly Allocation[] {
  const most = WHOLE_PER_MILLION - plan.holdbackPerMillion;
  return declaredAllocations(plan, stage).map((allocation) => ({
    ...allocation,
    sharePerMillion: Math.min(allocation.sharePerMillion, most),
  }));
}

/** The same without the holdback: what is served when the watch has ended. */
export function declaredAllocations(plan: Plan, stage: number): readonly Allocation[] {
  return plan.stages[stage]?.allocations ?? [];
}

/** The largest share per million of any audience; 0 where there is none. */
export function largestShare(allocations: readonly Allocation[]): number {
  return Math.max(0, ...allocations.map(({ sharePerMillion }) => sharePerMillion));
}

/** The same audiences at share zero: everybody in control, and measured as such. */
export function atShareZero(allocations: readonly Allocation[]): readonly Allocation[] {
  return allocations.map((allocation) => ({ ...allocation, sharePerMillion: 0 }));
}
