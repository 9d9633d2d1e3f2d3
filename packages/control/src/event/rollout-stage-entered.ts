import { changeRollout, type Evolver } from './apply.ts';

export const rolloutStageEntered: Evolver<'rolloutStageEntered'> = (state, event, position) => {
  changeRollout(state, { event, position }, ({ cause: _over, ...rollout }) => ({
    ...rollout,
    status: 'running',
    stage: event.stage,
    allocations: event.allocations,
    peak: event.allocations,
    frozen: event.figures,
    stageEnteredAtMs: event.atMs,
    statusSinceMs: event.atMs,
    version: position,
  }));
};
