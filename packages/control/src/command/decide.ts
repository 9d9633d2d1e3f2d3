import { stateAfter } from '../event/state-after.ts';
import type { ControlState } from '../state/types.ts';
import { acceptLoss } from './accept-loss.ts';
import { advanceRollout } from './advance-rollout.ts';
import { archiveFlag } from './archive-flag.ts';
import { unreadableEntry } from './check-readable.ts';
import { completeRollout } from './complete-rollout.ts';
import { createEnvironment } from './create-environment.ts';
import { createProject } from './create-project.ts';
import {
  type CommandType,
  type DecideContext,
  type Decider,
  type Decision,
  refused,
} from './decision.ts';
import { downFlag } from './down-flag.ts';
import { endWatch } from './end-watch.ts';
import { evidenceOutdated } from './evidence-outdated.ts';
import { holdRollout } from './hold-rollout.ts';
import { issueToken } from './issue-token.ts';
import { pauseRollout } from './pause-rollout.ts';
import { putDocuments } from './put-documents.ts';
import { putFlag } from './put-flag.ts';
import { putMetric } from './put-metric.ts';
import { putPlan } from './put-plan.ts';
import { putSegment } from './put-segment.ts';
import { recordProof } from './record-proof.ts';
import { recordRehearsal } from './record-rehearsal.ts';
import { releaseRollout } from './release-rollout.ts';
import { recordState } from './record-state.ts';
import { removeMetric } from './remove-metric.ts';
import { removeSegment } from './remove-segment.ts';
import { resumeRollout } from './resume-rollout.ts';
import { excludeSource } from './exclude-source.ts';
import { includeSource } from './include-source.ts';
import { retireInstance } from './retire-instance.ts';
import { retireToken } from './retire-token.ts';
import { revokeToken } from './revoke-token.ts';
import { rollbackRollout } from './rollback-rollout.ts';
import { setOverrides } from './set-overrides.ts';
import { startRollout } from './start-rollout.ts';
import { tightenRollout } from './tighten-rollout.ts';
import type { Command } from './types.ts';
import { upFlag } from './up-flag.ts';
import { versionConflict } from './version-conflict.ts';

/** What each command comes to. */
const DECIDERS: { readonly [Type in CommandType]: Decider<Type> } = {
  createProject,
  createEnvironment,
  putDocuments,
  putFlag,
  archiveFlag,
  putSegment,
  removeSegment,
  putMetric,
  removeMetric,
  putPlan,
  setOverrides,
  startRollout,
  advanceRollout,
  holdRollout,
  releaseRollout,
  pauseRollout,
  resumeRollout,
  rollbackRollout,
  completeRollout,
  tightenRollout,
  endWatch,
  downFlag,
  upFlag,
  recordProof,
  recordRehearsal,
  excludeSource,
  includeSource,
  retireInstance,
  retireToken,
  issueToken,
  revokeToken,
  recordState,
  acceptLoss,
};

/** Nothing that others changed meanwhile may stand in the way of these (invariant 4). */
const UNCONDITIONAL: ReadonlySet<CommandType> = new Set([
  'rollbackRollout',
  'downFlag',
  'pauseRollout',
]);

/**
 * Decides a command on the state at the head of the log, and changes nothing: the caller appends the
 * events, all or none, and folds them with `evolve`. The same state, command and clock give the same
 * decision. Repeats under one idempotency key are the caller's to recognize. What evaluators could not read
 * is refused here, last of all; what goes down is not even asked that.
 */
export function decide(state: ControlState, command: Command, context: DecideContext): Decision {
  if (!UNCONDITIONAL.has(command.type)) {
    const conflict = versionConflict(state, command) ?? evidenceOutdated(state, command);
    if (conflict !== undefined) return refused(conflict);
  }
  const decider = DECIDERS[command.type] as (
    state: ControlState,
    command: Command,
    context: DecideContext,
  ) => Decision;
  const decision = decider(state, command, context);
  return UNCONDITIONAL.has(command.type) ? decision : checked(state, decision);
}

/** A decision that evaluators could not read is refused, whatever led to it. */
function checked(state: ControlState, decision: Decision): Decision {
  if (!decision.ok || decision.events.every(({ environments }) => environments.length === 0)) {
    return decision;
  }
  const after = stateAfter(state, decision.events);
  const unreadable = unreadableEntry({ before: state, after, events: decision.events });
  return unreadable === undefined ? decision : refused(unreadable);
}
