import { dependantsOf } from '../flag/dependants.ts';
import { proofId } from '../rollout/proof-id.ts';
import { changed, type Decider, unchanged } from './decision.ts';
import { findSite } from './find.ts';
import { dependantRollbacks } from './rollback-rollout.ts';

/** The safe variant for everyone, at once, in any state; dependants' rollouts go along. */
export const downFlag: Decider<'downFlag'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const { flag, environment } = command;
  const { here, project } = site.value;
  const facts = { flag, environment, down: true };
  if (here.down)
    return unchanged(here.version, { ...facts, proof: here.proof ?? null, dependants: [] });
  const position = state.position + 1;
  const proof = proofId({ environment, flag, position });
  const dependants = dependantsOf(project, { environment, flag });
  const payload = { type: 'flagDowned', flag, environment, proof } as const;
  const drafts = [
    { payload, environments: [environment] },
    ...dependantRollbacks(site.value, dependants, { cause: flag, position: position + 1 }),
  ];
  return changed({ state, command, context }, drafts, { ...facts, proof, dependants });
};
