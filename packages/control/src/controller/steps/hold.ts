import { holdCause } from '../hold-cause.ts';
import { withEvidence } from '../evidence-summary.ts';
import { goesOn, isAnswered, mayExpose, target, triedSinceMs } from '../standing.ts';
import type { Cause } from '../../rollout/types.ts';
import type { ControllerInput, Step } from '../types.ts';

/** A person may decide to go on in spite of these; nobody can decide to see what is not there. */
const ANSWERABLE = ['sample_ratio', 'lost_instances'];

/**
 * Whatever forbids going on holds: blind or old telemetry, a sample ratio alarm, lost instances, a
 * missing baseline. What comes after the hold is the plan's explicit choice (invariant 5).
 */
export const hold: Step = (input) => {
  const { rollout } = input;
  if (!goesOn(rollout)) return undefined;
  const cause = holdCause(input);
  if (cause === undefined) return undefined;
  if (ANSWERABLE.includes(cause.code) && isAnswered(input.evidence, cause.code)) return undefined;
  const after = afterHold(input, cause);
  if (after !== undefined) return after;
  const waitsFor = { code: cause.code, text: cause.text };
  if (rollout.status === 'held' && rollout.cause?.code === cause.code)
    return { step: 'hold', waitsFor };
  return {
    step: 'hold',
    command: { type: 'holdRollout', ...target(input), cause, ...withEvidence(input) },
    waitsFor,
  };
};

function afterHold(input: ControllerInput, cause: Cause): ReturnType<Step> {
  const { rollout, nowMs } = input;
  const facts = () => ({ ...target(input), cause, ...withEvidence(input) });
  if (cause.code === 'baseline_missing') {
    const tried = nowMs - triedSinceMs(input);
    if (tried < rollout.plan.whenStageTooLong.afterMs) return undefined;
    const tooLittle = { code: 'too_little_traffic', text: cause.text };
    return { step: 'hold', command: { type: 'pauseRollout', ...facts(), cause: tooLittle } };
  }
  const { holdMs, then } = rollout.plan.whenBlind;
  if (rollout.status !== 'held' || nowMs - rollout.statusSinceMs < holdMs) return undefined;
  if (then === 'rollback' && mayExpose(rollout)) {
    return { step: 'hold', command: { type: 'rollbackRollout', ...facts() } };
  }
  return then === 'hold'
    ? undefined
    : { step: 'hold', command: { type: 'pauseRollout', ...facts() } };
}
