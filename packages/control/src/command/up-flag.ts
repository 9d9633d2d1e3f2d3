import { domainError } from '../error/domain-error.ts';
import { mayNotRaise } from '../flag/may-raise.ts';
import { changed, type Decider, refused, unchanged } from './decision.ts';
import { findSite } from './find.ts';

/** A step up like any other; its rollout stays paused until it is resumed. */
export const upFlag: Decider<'upFlag'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const { flag, environment } = command;
  const { here, project, flag: known } = site.value;
  if (!here.down) return unchanged(here.version, { flag, environment, down: false });
  if (command.actor.kind === 'controller') return refused(domainError('flag_up_needs_person', {}));
  const obstacle = mayNotRaise(project, environment, known.definition);
  if (obstacle !== undefined) return refused(obstacle);
  const payload = { type: 'flagUpped', flag, environment } as const;
  const drafts = [{ payload, environments: [environment] }];
  return changed({ state, command, context }, drafts, { flag, environment, down: false });
};
