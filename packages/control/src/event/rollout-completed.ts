import { changeRollout, type Evolver } from './apply.ts';

export const rolloutCompleted: Evolver<'rolloutCompleted'> = (state, event, position) => {
  changeRollout(state, { event, position }, ({ cause: _over, ...rollout }) => ({
    ...rollout,
    status: 'completed',
    statusSinceMs: event.atMs,
    version: position,
  }));
};
