import { mayNotRaise } from '../flag/may-raise.ts';
import { stageAllocations } from '../plan/stage-allocations.ts';
import type { RolloutState } from '../rollout/types.ts';
import { changed, type CommandOf, type Decider, type Draft, refused } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';
import { withEvidence } from './with-evidence.ts';

/** Into the next stage; from the last one to completion, which raises nobody and asks nothing. */
export const advanceRollout: Decider<'advanceRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'advanceRollout');
  if (!step.ok) return step;
  const { rollout, next } = step.value;
  if (next === undefined) return alreadyThere(rollout);
  const { project, environment, flag } = site.value;
  if (next === 'running') {
    const obstacle = mayNotRaise(project, environment.key, flag.definition);
    if (obstacle !== undefined) return refused(obstacle);
  }
  const payload = next === 'running' ? entered(rollout, command) : completed(command);
  const drafts = [{ payload, environments: [environment.key] }];
  const stage = next === 'running' ? rollout.stage + 1 : rollout.stage;
  return changed({ state, command, context }, drafts, { rollout: rollout.id, status: next, stage });
};

function entered(rollout: RolloutState, command: CommandOf<'advanceRollout'>): Draft['payload'] {
  const { flag, environment, figures } = command;
  const stage = rollout.stage + 1;
  const allocations = stageAllocations(rollout.plan, stage);
  const payload = {
    type: 'rolloutStageEntered',
    flag,
    environment,
    stage,
    allocations,
    figures,
  } as const;
  return withEvidence(payload, command);
}

function completed(command: CommandOf<'advanceRollout'>): Draft['payload'] {
  const { flag, environment } = command;
  return withEvidence({ type: 'rolloutCompleted', flag, environment } as const, command);
}
