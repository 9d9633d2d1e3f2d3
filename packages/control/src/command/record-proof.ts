import { domainError } from '../error/domain-error.ts';
import type { ProofState } from '../state/types.ts';
import { changed, type CommandOf, type Decider, refused, unchanged } from './decision.ts';

/** A clock is decided once; only what was missed may still be proven later. */
export const recordProof: Decider<'recordProof'> = (state, command, context) => {
  const proof = state.proofs.get(command.proof);
  if (proof === undefined || proof.project !== command.project) {
    return refused(domainError('proof_unknown', { proof: command.proof }, { path: '/proof' }));
  }
  const { clock, outcome, statement, missing } = command;
  const facts = { proof: proof.id, clock };
  const known = proof.clocks[clock]?.outcome;
  if (known === 'proven' || known === outcome) {
    return unchanged(proof.version, { ...facts, outcome: known });
  }
  const payload = {
    type: 'proofRecorded',
    proof: proof.id,
    clock,
    outcome,
    statement,
    missing,
  } as const;
  const drafts = [
    { payload, environments: endsMeasuring(proof, command) ? [proof.environment] : [] },
  ];
  return changed({ state, command, context }, drafts, { ...facts, outcome });
};

/** After a rollback a flag is measured until its recovery is decided either way. */
function endsMeasuring(proof: ProofState, { clock }: CommandOf<'recordProof'>): boolean {
  return clock === 'recovered' && proof.clocks.recovered === undefined;
}
