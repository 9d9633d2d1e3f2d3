import { declaredAllocations } from '../plan/stage-allocations.ts';
import type { Cause, RolloutState } from './types.ts';

/** The cause under which an ended rollout goes on serving its target, its holdback given up. */
export const WATCH_ENDED = 'watch_ended';

/** A rollout that is over. After its watch the target stays for everyone, else nothing is served. */
export function endRollout(
  rollout: RolloutState,
  end: { readonly cause: Cause; readonly atMs: number; readonly version: number },
): RolloutState {
  const stays = end.cause.code === WATCH_ENDED;
  const allocations = stays ? declaredAllocations(rollout.plan, rollout.stage) : [];
  return {
    ...rollout,
    status: 'ended',
    cause: end.cause,
    allocations,
    peak: stays ? allocations : rollout.peak,
    statusSinceMs: end.atMs,
    version: end.version,
  };
}
