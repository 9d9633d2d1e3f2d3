import { endRollout } from '../rollout/end-rollout.ts';
import { changeRollout, type Evolver } from './apply.ts';

export const rolloutEnded: Evolver<'rolloutEnded'> = (state, event, position) => {
  const { cause, atMs } = event;
  changeRollout(state, { event, position }, (rollout) =>
    endRollout(rollout, { cause, atMs, version: position }),
  );
};
