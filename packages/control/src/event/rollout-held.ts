import { changeRollout, type Evolver } from './apply.ts';

export const rolloutHeld: Evolver<'rolloutHeld'> = (state, event, position) => {
  changeRollout(state, { event, position }, (rollout) => ({
    ...rollout,
    status: 'held',
    cause: event.cause,
    // Another cause is no new hold: how long it has lasted counts from its beginning.
    statusSinceMs: rollout.status === 'held' ? rollout.statusSinceMs : event.atMs,
    version: position,
  }));
};
