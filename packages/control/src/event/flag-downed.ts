import { actorName } from '../command/actor-name.ts';
import { transition } from '../rollout/transitions.ts';
import type { RolloutState } from '../rollout/types.ts';
import { openProof } from './open-proof.ts';
import { type EventOf, type Evolver, hereOf, setHere } from './apply.ts';

/** A down is a pause of the rollout too: one event, one version. */
export const flagDowned: Evolver<'flagDowned'> = (state, event, position) => {
  const { rollout: before, ...here } = hereOf(state, event);
  const rollout = before && whileDown(before, event, position);
  setHere(state, event, {
    ...here,
    ...(rollout === undefined ? {} : { rollout }),
    down: true,
    downedAtMs: event.atMs,
    proof: event.proof,
    version: position,
  });
  openProof(state, { event, position, kind: 'down', rollout });
};

function whileDown(
  rollout: RolloutState,
  event: EventOf<'flagDowned'>,
  position: number,
): RolloutState {
  if (!('next' in transition(rollout, 'downFlag'))) return rollout;
  return {
    ...rollout,
    status: 'paused',
    cause: { code: 'flag_down', text: `The flag was taken down by ${actorName(event.actor)}.` },
    statusSinceMs: event.atMs,
    version: position,
  };
}
