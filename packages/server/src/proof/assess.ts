import { assessProof, type ProofState, type ProofView } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';

/** How far a proof is at this moment. `settledThrough`: as of `Intake.settle`. */
export function assess(
  { log, intake, store }: ServerContext,
  proof: ProofState,
  settledThrough: number,
): ProofView {
  const { project, flag, environment } = proof;
  const here = log.state.projects.get(project)?.flags.get(flag)?.environments[environment];
  const rollout = here?.rollout?.id === proof.rollout ? here?.rollout : undefined;
  return assessProof({
    proof,
    telemetry: intake.state,
    tokens: log.state.tokens,
    nowMs: store.nowMs(),
    isBehind: proof.version > settledThrough,
    ...(rollout ? { rollout } : {}),
  });
}
