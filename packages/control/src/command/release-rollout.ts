import { changed, type Decider } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';
import { withEvidence } from './with-evidence.ts';

export const releaseRollout: Decider<'releaseRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'releaseRollout');
  if (!step.ok) return step;
  const { rollout, next } = step.value;
  if (next === undefined) return alreadyThere(rollout);
  const { flag, environment } = command;
  const payload = withEvidence({ type: 'rolloutReleased', flag, environment } as const, command);
  return changed({ state, command, context }, [{ payload }], { rollout: rollout.id, status: next });
};
