import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { type RolloutCommand, transition, type TransitionRefusal } from '../rollout/transitions.ts';
import type { RolloutState, RolloutStatus } from '../rollout/types.ts';
import { type Decision, type Found, found, refused, unchanged } from './decision.ts';
import type { FlagSite } from './find.ts';

/** A rollout and the status that a command leads it to; `next` is undefined if it is there already. */
interface Step {
  readonly rollout: RolloutState;
  readonly next: RolloutStatus | undefined;
}

/** What the transition table says of a command on the rollout of a site. */
export function nextOf(site: FlagSite, command: RolloutCommand): Found<Step> {
  const { rollout } = site.here;
  const step = transition(rollout, command);
  if ('refused' in step) return refused(transitionError(step.refused, site));
  if (rollout === undefined) return refused(transitionError('rollout_unknown', site));
  const next = 'next' in step && step.next !== 'started' ? step.next : undefined;
  return found({ rollout, next });
}

/** The answer where a rollout already stands where it was asked to go. */
export function alreadyThere(rollout: RolloutState): Decision {
  return unchanged(rollout.version, { rollout: rollout.id, status: rollout.status });
}

/** The refusal of the table, with the facts of the rollout that refuses. */
export function transitionError(code: TransitionRefusal, site: FlagSite): DomainError {
  const { rollout } = site.here;
  const facts = {
    flag: site.flag.key,
    environment: site.environment.key,
    rollout: rollout?.id ?? '',
    status: rollout === undefined ? '' : statusText(rollout.status),
    cause: rollout?.cause?.text ?? '',
    stage: (rollout?.stage ?? 0) + 1,
    stages: rollout?.plan.stages.length ?? 0,
  };
  return domainError(code, facts, { path: '/flag' });
}

/** A status in a sentence: all others are one word. */
function statusText(status: RolloutStatus): string {
  return status === 'rolledBack' ? 'rolled back' : status;
}
