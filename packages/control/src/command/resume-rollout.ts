import { domainError } from '../error/domain-error.ts';
import { changed, type Decider, refused } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';

export const resumeRollout: Decider<'resumeRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const { flag, environment } = command;
  const step = nextOf(site.value, 'resumeRollout');
  if (!step.ok) return step;
  if (command.actor.kind === 'controller') {
    return refused(domainError('rollout_resume_needs_person', {}));
  }
  if (site.value.here.down) return refused(domainError('flag_down', { flag, environment }));
  const { rollout, next } = step.value;
  if (next === undefined) return alreadyThere(rollout);
  const payload = { type: 'rolloutResumed', flag, environment } as const;
  return changed({ state, command, context }, [{ payload }], { rollout: rollout.id, status: next });
};
