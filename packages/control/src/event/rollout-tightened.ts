import { changeRollout, type Evolver } from './apply.ts';

export const rolloutTightened: Evolver<'rolloutTightened'> = (state, event, position) => {
  const { plan } = event;
  changeRollout(state, { event, position }, (rollout) => ({ ...rollout, plan }));
};
