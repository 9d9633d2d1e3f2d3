import type { ProofClock, ProofState } from '@downhaul/control';
import type { Static } from 'typebox';
import type { ServerContext } from '../http/context.ts';
import type { ProofSchema } from '../http/schema/proof.ts';
import { assess } from './assess.ts';

const CLOCKS: readonly ProofClock[] = ['reached', 'silent', 'recovered'];

/**
 * A rollback proof as the API shows it: what was recorded, and what is missing at this moment. `settledThrough`:
 * as of `Intake.settle`.
 */
export function viewProof(
  context: ServerContext,
  proof: ProofState,
  settledThrough: number,
): Static<typeof ProofSchema> {
  const { id, project, environment, flag, rollout, kind, version, openedAtMs } = proof;
  const view = assess(context, proof, settledThrough);
  return {
    id,
    project,
    environment,
    flag,
    ...(rollout === undefined ? {} : { rollout }),
    kind,
    version,
    openedAtMs,
    nowMs: context.store.nowMs(),
    proven: CLOCKS.every((clock) => view.clocks[clock].outcome === 'proven'),
    clocks: CLOCKS.map((clock) => {
      const { outcome, deadlineAtMs, statement, missing } = view.clocks[clock];
      const recorded = proof.clocks[clock];
      return {
        clock,
        outcome,
        deadlineAtMs,
        statement,
        missing: missing.map((each) => ({ ...each })),
        ...(recorded ? { recorded: { outcome: recorded.outcome, atMs: recorded.atMs } } : {}),
      };
    }),
    instances: { ...view.instances },
    notConcerned: {
      instances: view.notConcerned.instances,
      services: [...view.notConcerned.services],
    },
  };
}
