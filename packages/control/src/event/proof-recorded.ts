import type { ProofState } from '../state/types.ts';
import { type EventOf, type Evolver, hereOf, setHere } from './apply.ts';

export const proofRecorded: Evolver<'proofRecorded'> = (state, event, position) => {
  const proof = state.proofs.get(event.proof);
  if (proof === undefined) throw new Error(`broken log: there is no proof ${event.proof}`);
  state.proofs.set(proof.id, {
    ...proof,
    clocks: { ...proof.clocks, [event.clock]: clockOf(event) },
  });
  // Measuring ends with the last clock that needs it, so the snapshot changes with it.
  if (event.environments.length === 0) return;
  const site = { ...event, flag: proof.flag, environment: proof.environment };
  setHere(state, site, { ...hereOf(state, site), version: position });
};

function clockOf(event: EventOf<'proofRecorded'>): NonNullable<ProofState['clocks']['reached']> {
  const { outcome, atMs, statement, missing } = event;
  return { outcome, atMs, statement, missing };
}
