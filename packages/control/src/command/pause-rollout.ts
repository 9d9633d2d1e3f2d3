import { changed, type Decider } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';
import { withEvidence } from './with-evidence.ts';

/** Nothing but the rollout itself is asked: a pause raises nobody. */
export const pauseRollout: Decider<'pauseRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'pauseRollout');
  if (!step.ok) return step;
  const { rollout, next } = step.value;
  if (next === undefined) return alreadyThere(rollout);
  const { flag, environment, cause } = command;
  const payload = withEvidence(
    { type: 'rolloutPaused', flag, environment, cause } as const,
    command,
  );
  return changed({ state, command, context }, [{ payload }], { rollout: rollout.id, status: next });
};
