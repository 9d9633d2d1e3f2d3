import type { Plan } from '../plan/types.ts';
import { DEFAULT_PROOF } from '../plan/defaults.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { ControlState, ProofState } from '../state/types.ts';
import type { LocalEvent } from './apply.ts';

interface ProofOpening {
  readonly event: LocalEvent & { readonly proof: string };
  readonly position: number;
  readonly kind: ProofState['kind'];
  readonly rollout: RolloutState | undefined;
}

/** Opens the rollback proof that an event names, with the deadlines of the rollout's plan. */
export function openProof(state: ControlState, opening: ProofOpening): void {
  const { event, position, kind, rollout } = opening;
  state.proofs.set(event.proof, {
    id: event.proof,
    project: event.project,
    environment: event.environment,
    flag: event.flag,
    ...(rollout === undefined ? {} : { rollout: rollout.id }),
    version: position,
    openedAtMs: event.atMs,
    kind,
    deadlinesMs: deadlinesOf(rollout?.plan.proof ?? DEFAULT_PROOF),
    clocks: {},
  });
}

function deadlinesOf(proof: Plan['proof']): ProofState['deadlinesMs'] {
  return {
    reached: proof.reachedMs,
    silent: proof.reachedMs + proof.silentMs,
    recovered: proof.recoveredMs,
  };
}
