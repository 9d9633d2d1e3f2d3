import type { TelemetryState } from '../state.ts';
import type { FoldFault } from './types.ts';

/** What could not be folded for a rollout; undefined where everything could. */
export function faultOf(state: TelemetryState, rollout: string): FoldFault | undefined {
  return state.faults.get(rollout);
}

/** What could not be folded and belongs to nobody in particular, since a moment. */
export function unattributedSince(state: TelemetryState, sinceMs: number): FoldFault | undefined {
  const { unattributed } = state;
  return unattributed !== undefined && unattributed.lastAtMs >= sinceMs ? unattributed : undefined;
}

/** Forgets faults of rollouts that are no longer known, and of which nothing came since a moment. */
export function forgetOldFaults(state: TelemetryState, beforeMs: number): void {
  for (const [rollout, { lastAtMs }] of state.faults) {
    if (lastAtMs < beforeMs && !state.rollouts.has(rollout)) state.faults.delete(rollout);
  }
}
