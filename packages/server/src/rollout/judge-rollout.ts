import {
  type ControllerStep,
  type Evidence,
  evidenceOf,
  faultOf,
  type FoldFault,
  next,
  type RolloutState,
} from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';
import { readinessOf } from './readiness-of.ts';

interface Judged {
  readonly nowMs: number;
  /** Absent while the intake has not named the rollout, and where it cannot be reckoned with. */
  readonly evidence: Evidence | undefined;
  readonly step: ControllerStep;
  /** True where it could not be reckoned with. */
  readonly failed: boolean;
}

/**
 * What the evidence says of a rollout now, and the step that follows. Evidence that cannot be reckoned with, which
 * is a defect, is none: the step is then that of a rollout that cannot be judged, never no step at all.
 */
export function judgeRollout(
  context: ServerContext,
  { rollout, flagDown }: { readonly rollout: RolloutState; readonly flagDown: boolean },
): Judged {
  const { intake, log, store, logger } = context;
  const nowMs = store.nowMs();
  const asked = { rollout, flagDown, nowMs, readiness: readinessOf(log.state, rollout) };
  const fault = faultOf(intake.state, rollout.id);
  try {
    const evidence = evidenceOf(intake.state, rollout.id, nowMs);
    const told = { ...(evidence ? { evidence } : {}), ...(fault ? { fault } : {}) };
    return { nowMs, evidence, step: next({ ...asked, ...told }), failed: false };
  } catch (error) {
    logger.error({ err: error, rollout: rollout.id }, 'a rollout could not be judged');
    const step = next({ ...asked, fault: faultNow(intake.state.throughSequence, nowMs, error) });
    return { nowMs, evidence: undefined, step, failed: true };
  }
}

function faultNow(sequence: number, atMs: number, error: unknown): FoldFault {
  const text = error instanceof Error ? error.message : String(error);
  return { sequence, firstAtMs: atMs, lastAtMs: atMs, rows: 0, text };
}
