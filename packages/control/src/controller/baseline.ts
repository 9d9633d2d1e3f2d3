import type { Evidence } from '../evidence/types.ts';
import type { RolloutState } from '../rollout/types.ts';

/** Units the baseline must have closed before anything is compared with it. */
export const MIN_BASELINE_UNITS = 20;

/** Closed units of the guardrail that has most of them. */
export function baselineUnits({ baseline }: Evidence): number {
  return Math.max(0, ...Object.values(baseline).map((counts) => counts.units));
}

/**
 * Whether a whole batch of the baseline's window is still to be closed. It closes some time after its end,
 * and what was counted of it is known only then.
 */
export function isBaselineOpen(
  { stageEnteredAtMs, plan }: RolloutState,
  { closedThroughMs }: Evidence,
): boolean {
  return closedThroughMs + plan.batchMs <= stageEnteredAtMs + plan.baselineMs;
}
