import { assessProof, flagsRequiring, type ProofState, type ProofView } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';

/** How far a proof is at this moment. `settledThrough`: as of `Intake.settle`. */
export function assess(
  { log, intake, store }: ServerContext,
  proof: ProofState,
  settledThrough: number,
): ProofView {
  const { project, flag, environment } = proof;
  const known = log.state.projects.get(project);
  const here = known?.flags.get(flag)?.environments[environment];
  const dependants = known === undefined ? [] : flagsRequiring(known, flag);
  const affects = [flag, ...dependants].flatMap(
    (key) => known?.flags.get(key)?.definition.affects ?? [],
  );
  const rollout = here?.rollout?.id === proof.rollout ? here?.rollout : undefined;
  return assessProof({
    proof,
    affects,
    dependants,
    telemetry: intake.state,
    tokens: log.state.tokens,
    nowMs: store.nowMs(),
    isBehind: proof.version > settledThrough,
    ...(rollout ? { rollout } : {}),
  });
}
