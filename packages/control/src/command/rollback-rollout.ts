import { dependantsOf } from '../flag/dependants.ts';
import { proofId } from '../rollout/proof-id.ts';
import { changed, type CommandOf, type Decider, type Draft, unchanged } from './decision.ts';
import { findSite, type FlagSite } from './find.ts';
import { nextOf } from './next-of.ts';
import { withEvidence } from './with-evidence.ts';

/**
 * Share zero, in every status; only a rollout that never was cannot be rolled back. Flags that require
 * what is taken away go along in the same version (settled question 5).
 */
export const rollbackRollout: Decider<'rollbackRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'rollbackRollout');
  if (!step.ok) return step;
  const { rollout, next } = step.value;
  const { flag, environment } = command;
  const facts = { flag, environment, rollout: rollout.id, status: 'rolledBack' };
  if (next === undefined) {
    const proof = site.value.here.proof ?? null;
    return unchanged(rollout.version, { ...facts, status: rollout.status, proof, dependants: [] });
  }
  const dependants = dependantsOf(site.value.project, { environment, flag, variant: rollout.to });
  const own = withEvidence(rolledBack(command, command.cause, state.position + 1), command);
  const drafts = [
    { payload: own, environments: [environment] },
    ...dependantRollbacks(site.value, dependants, { cause: flag, position: state.position + 2 }),
  ];
  return changed({ state, command, context }, drafts, { ...facts, proof: own.proof, dependants });
};

/** The rollbacks of flags that lose what they require; the first gets `position` in the log. */
export function dependantRollbacks(
  { environment: { key: environment } }: FlagSite,
  dependants: readonly string[],
  lost: { readonly cause: string; readonly position: number },
): readonly Draft[] {
  const cause = {
    code: 'required_flag_withdrawn',
    text: `The flag ${lost.cause}, which this one requires, was rolled back or taken down.`,
  };
  return dependants.map((flag, index) => ({
    payload: rolledBack({ flag, environment }, cause, lost.position + index),
    environments: [environment],
  }));
}

function rolledBack(
  { flag, environment }: { readonly flag: string; readonly environment: string },
  cause: CommandOf<'rollbackRollout'>['cause'],
  position: number,
) {
  const proof = proofId({ environment, flag, position });
  return { type: 'rolloutRolledBack', flag, environment, cause, proof } as const;
}
