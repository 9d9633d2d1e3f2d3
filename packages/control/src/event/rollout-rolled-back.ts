import { atShareZero } from '../plan/stage-allocations.ts';
import type { RolloutState } from '../rollout/types.ts';
import { openProof } from './open-proof.ts';
import { type EventOf, type Evolver, hereOf, setHere } from './apply.ts';

export const rolloutRolledBack: Evolver<'rolloutRolledBack'> = (state, event, position) => {
  const here = hereOf(state, event);
  if (here.rollout === undefined) throw new Error(`broken log: ${event.flag} has no rollout`);
  const rollout = rolledBack(here.rollout, event, position);
  setHere(state, event, { ...here, rollout, proof: event.proof, version: position });
  openProof(state, { event, position, kind: 'rollback', rollout });
};

function rolledBack(
  rollout: RolloutState,
  event: EventOf<'rolloutRolledBack'>,
  position: number,
): RolloutState {
  const highest = rollout.peak.length > 0 ? rollout.peak : rollout.allocations;
  return {
    ...rollout,
    status: 'rolledBack',
    cause: event.cause,
    allocations: atShareZero(highest),
    statusSinceMs: event.atMs,
    version: position,
  };
}
