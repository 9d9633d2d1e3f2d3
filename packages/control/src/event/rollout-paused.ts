import { changeRollout, type Evolver } from './apply.ts';

export const rolloutPaused: Evolver<'rolloutPaused'> = (state, event, position) => {
  changeRollout(state, { event, position }, (rollout) => ({
    ...rollout,
    status: 'paused',
    cause: event.cause,
    statusSinceMs: event.atMs,
    version: position,
  }));
};
