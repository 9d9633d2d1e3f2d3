import { changed, type Decider } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';
import { withEvidence } from './with-evidence.ts';

/** Raises nobody: the last stage goes on being served, under watch. */
export const completeRollout: Decider<'completeRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'completeRollout');
  if (!step.ok) return step;
  const { rollout, next } = step.value;
  if (next === undefined) return alreadyThere(rollout);
  const { flag, environment } = command;
  const payload = withEvidence({ type: 'rolloutCompleted', flag, environment } as const, command);
  const drafts = [{ payload, environments: [environment] }];
  return changed({ state, command, context }, drafts, { rollout: rollout.id, status: next });
};
