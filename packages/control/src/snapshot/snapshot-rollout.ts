import type { RolloutPhase, SnapshotRollout } from '@downhaul/engine';
import { planEvents } from '../metric/events.ts';
import { sliceAttributes } from '../plan/slices.ts';
import { atShareZero } from '../plan/stage-allocations.ts';
import { rolloutPosition } from '../rollout/transitions.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { FlagEnvironmentState, ProofState } from '../state/types.ts';

/** `SnapshotRollout.stage` where no stage of the plan is served. */
const BASELINE_STAGE = -1;
const RECOVERY_STAGE = -2;

/**
 * What evaluators need of a flag's newest rollout. One that was rolled back stays at share zero until it
 * is replaced or ended: its peak keeps a conflicting flag from starting by this one going down.
 */
export function snapshotRollout(
  { rollout, down, proof }: FlagEnvironmentState,
  proofs: ReadonlyMap<string, ProofState>,
): SnapshotRollout | undefined {
  if (rollout === undefined || rolloutPosition(rollout) === 'ended') return undefined;
  const phase = phaseOf(rollout, down);
  const slices = sliceAttributes(rollout.plan);
  return {
    id: rollout.id,
    attempt: rollout.attempt,
    phase,
    stage: stageOf(rollout, phase),
    to: rollout.to,
    control: rollout.control,
    unit: rollout.plan.unit,
    salt: rollout.salt,
    allocations: phase === 'recovery' ? atZero(rollout) : rollout.allocations,
    peak: rollout.peak,
    measured: phase === 'recovery' ? isRecovering(proof, proofs) : rollout.status !== 'ended',
    metrics: planEvents(rollout.plan),
    ...(slices.length === 0 ? {} : { slices }),
  };
}

function phaseOf(rollout: RolloutState, down: boolean): RolloutPhase {
  if (down || rollout.status === 'rolledBack') return 'recovery';
  if (rollout.status === 'completed' || rollout.status === 'ended') return 'watch';
  return rollout.stage < 0 ? 'baseline' : 'stage';
}

function stageOf(rollout: RolloutState, phase: RolloutPhase): number {
  if (phase === 'baseline') return BASELINE_STAGE;
  return phase === 'recovery' ? RECOVERY_STAGE : rollout.stage;
}

function atZero({ allocations, peak }: RolloutState): SnapshotRollout['allocations'] {
  return atShareZero(peak.length > 0 ? peak : allocations);
}

/** The recovered clock is the last that needs figures; one that missed its deadline may still be proven. */
function isRecovering(proof: string | undefined, proofs: ReadonlyMap<string, ProofState>): boolean {
  const open = proof === undefined ? undefined : proofs.get(proof);
  return open !== undefined && open.clocks.recovered?.outcome !== 'proven';
}
