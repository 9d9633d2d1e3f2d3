import { goOn } from '../rollout/go-on.ts';
import { changeRollout, type Evolver } from './apply.ts';

export const rolloutResumed: Evolver<'rolloutResumed'> = (state, event, position) => {
  changeRollout(state, { event, position }, (rollout) => goOn(rollout, event.atMs, position));
};
