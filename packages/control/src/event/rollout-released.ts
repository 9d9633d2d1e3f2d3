import { goOn } from '../rollout/go-on.ts';
import { changeRollout, type Evolver } from './apply.ts';

export const rolloutReleased: Evolver<'rolloutReleased'> = (state, event, position) => {
  changeRollout(state, { event, position }, (rollout) => goOn(rollout, event.atMs, position));
};
