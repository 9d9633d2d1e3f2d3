import { actorName } from './actor-name.ts';
import { mayNotRaise } from '../flag/may-raise.ts';
import { WATCH_ENDED } from '../rollout/end-rollout.ts';
import { domainError } from '../error/domain-error.ts';
import { changed, type Decider, refused } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';

/** Gives up the holdback, so it is a step up: the target stays for everyone, unwatched. */
export const endWatch: Decider<'endWatch'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'endWatch');
  if (!step.ok) return step;
  const { rollout, next } = step.value;
  if (next === undefined) return alreadyThere(rollout);
  const { flag, environment } = command;
  const { project, flag: known, here } = site.value;
  if (here.down) return refused(domainError('flag_down', { flag, environment }));
  const obstacle = mayNotRaise(project, environment, known.definition);
  if (obstacle !== undefined) return refused(obstacle);
  const cause = { code: WATCH_ENDED, text: `The watch was ended by ${actorName(command.actor)}.` };
  const payload = { type: 'rolloutEnded', flag, environment, cause } as const;
  const drafts = [{ payload, environments: [environment] }];
  return changed({ state, command, context }, drafts, { rollout: rollout.id, status: next });
};
