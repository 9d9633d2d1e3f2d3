import type { CommandBody, ProofClock } from '../command/types.ts';
import type { ProofView } from './types.ts';

const CLOCKS: readonly ProofClock[] = ['reached', 'silent', 'recovered'];

/**
 * What should be recorded of a proof next: a clock that became proven, or one whose deadline passed,
 * with who is missing. A clock recorded as missed may be recorded as proven later, never the reverse.
 * Recording the recovery ends the measuring, so it waits until the silence is decided, which needs it.
 */
export function nextProofCommand(view: ProofView): CommandBody | undefined {
  for (const clock of CLOCKS) {
    const { outcome, statement, missing } = view.clocks[clock];
    const recorded = view.recorded[clock];
    if (outcome === 'pending' || recorded === outcome || recorded === 'proven') continue;
    if (clock === 'recovered' && view.clocks.silent.outcome === 'pending') continue;
    return {
      type: 'recordProof',
      proof: view.proof,
      clock,
      outcome,
      statement,
      missing: missing.map(({ name, why }) => `${name}: ${why}`),
    };
  }
  return undefined;
}
