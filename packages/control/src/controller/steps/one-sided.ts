import type { Evidence } from '../../evidence/types.ts';
import type { BlindAction } from '../../plan/types.ts';
import type { Cause } from '../../rollout/types.ts';
import { worstSampleRatio } from '../../evidence/worst-sample-ratio.ts';
import { withEvidence } from '../evidence-summary.ts';
import { goesOn, isAnswered, mayExpose, target } from '../standing.ts';
import type { ControllerInput, Step } from '../types.ts';

/** Missing share of the treatment's units from which a sample ratio alarm is a deficit. */
const DEFICIT = 0.02;

/**
 * Telemetry that is missing from treatment alone is a symptom: after `whenBlind.holdMs` of silence,
 * or at once when the sample ratio proves a deficit, the plan's `treatmentOnly` is done. `hold` is
 * left to the hold step. With the flag down nobody is in treatment and silence says nothing.
 */
export const oneSided: Step = (input) => {
  const { rollout, evidence, flagDown } = input;
  if (!mayExpose(rollout) || evidence === undefined || flagDown) return undefined;
  const action = rollout.plan.whenBlind.treatmentOnly;
  const cause = silence(input, evidence) ?? deficit(evidence, action);
  return cause && act(input, action, cause);
};

function act(input: ControllerInput, action: BlindAction, cause: Cause): ReturnType<Step> {
  const facts = () => ({ ...target(input), cause, ...withEvidence(input) });
  if (action === 'rollback')
    return { step: 'oneSided', command: { type: 'rollbackRollout', ...facts() } };
  const mayPause = goesOn(input.rollout) && !isAnswered(input.evidence, cause.code);
  if (action === 'pause' && mayPause) {
    return { step: 'oneSided', command: { type: 'pauseRollout', ...facts() } };
  }
  return undefined;
}

function silence({ rollout, nowMs }: ControllerInput, evidence: Evidence): Cause | undefined {
  if (evidence.freshness !== 'blind:treatment' || evidence.blindSinceMs === undefined)
    return undefined;
  if (nowMs - evidence.blindSinceMs < rollout.plan.whenBlind.holdMs) return undefined;
  return {
    code: 'treatment_silent',
    text: 'Nothing is heard of treatment while control reports as before.',
  };
}

function deficit(evidence: Evidence, action: BlindAction): Cause | undefined {
  const { alarm } = evidence.assessment.srm;
  const { treatmentDeficit, where } = worstSampleRatio(
    evidence.assessment,
    evidence.slicedSampleRatio,
  );
  if (!alarm || treatmentDeficit <= DEFICIT || action !== 'rollback') return undefined;
  const share = (treatmentDeficit * 100).toFixed(1);
  return {
    code: 'treatment_missing',
    text: `${share} % of the units that belong in treatment are missing there${where}.`,
  };
}
