import type { RolloutState } from './types.ts';

/** A rollout that goes on where it was: measuring before its first stage, running after. */
export function goOn(
  { cause: _gone, ...rollout }: RolloutState,
  atMs: number,
  version: number,
): RolloutState {
  return {
    ...rollout,
    status: rollout.stage < 0 ? 'measuring' : 'running',
    statusSinceMs: atMs,
    version,
  };
}
