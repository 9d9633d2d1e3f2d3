import { actorName } from '../command/actor-name.ts';
import { atShareZero, stageAllocations } from '../plan/stage-allocations.ts';
import { rolloutId } from '../rollout/rollout-id.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { FlagEnvironmentState } from '../state/types.ts';
import { type EventOf, type Evolver, hereOf, setHere } from './apply.ts';

export const rolloutStarted: Evolver<'rolloutStarted'> = (state, event, position) => {
  const here = hereOf(state, event);
  setHere(state, event, {
    ...here,
    rollout: begun(event, position),
    earlier: [...here.earlier, ...summaryOf(here)],
    version: position,
  });
};

/** Every attempt begins by measuring, at share zero; a plan without baseline enters its stage at once. */
function begun(event: EventOf<'rolloutStarted'>, position: number): RolloutState {
  const { project, environment, flag, attempt, plan, to, control, salt } = event;
  return {
    id: rolloutId({ project, environment, flag, attempt }),
    project,
    environment,
    flag,
    attempt,
    plan,
    to,
    control,
    salt,
    status: 'measuring',
    stage: -1,
    allocations: atShareZero(stageAllocations(plan, 0)),
    peak: [],
    startedAtMs: event.atMs,
    stageEnteredAtMs: event.atMs,
    statusSinceMs: event.atMs,
    version: position,
    startedBy: actorName(event.actor),
    unguarded: plan.guardrails.length === 0,
  };
}

function summaryOf({ rollout }: FlagEnvironmentState): FlagEnvironmentState['earlier'] {
  if (rollout === undefined) return [];
  const { id, attempt, status, cause } = rollout;
  return [{ id, attempt, status, ...(cause === undefined ? {} : { cause }) }];
}
