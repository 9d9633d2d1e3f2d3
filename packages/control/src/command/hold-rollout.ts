import { sameJson } from '../document/same-json.ts';
import { changed, type Decider } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';
import { withEvidence } from './with-evidence.ts';

/** A hold that is there already is repeated only under another cause. */
export const holdRollout: Decider<'holdRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'holdRollout');
  if (!step.ok) return step;
  const { rollout } = step.value;
  if (rollout.status === 'held' && sameJson(rollout.cause, command.cause))
    return alreadyThere(rollout);
  const { flag, environment, cause } = command;
  const payload = withEvidence({ type: 'rolloutHeld', flag, environment, cause } as const, command);
  return changed({ state, command, context }, [{ payload }], {
    rollout: rollout.id,
    status: 'held',
  });
};
