import { withEvidence } from '../evidence-summary.ts';
import { goesOn, isAnswered, mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

const CODE = 'signal_harm';

/** A signal that got worse pauses; a person who resumes has answered it for this stage. */
export const signalHarm: Step = (input) => {
  const { rollout, evidence } = input;
  if (!mayExpose(rollout) || !goesOn(rollout) || !evidence?.assessment.signals.harmful)
    return undefined;
  if (isAnswered(evidence, CODE)) return undefined;
  const worst = evidence.assessment.signals.attribution
    .toSorted((one, other) => other.logE - one.logE)
    .map(({ hypothesis }) => hypothesis)[0];
  return {
    step: 'signalHarm',
    command: {
      type: 'pauseRollout',
      ...target(input),
      cause: { code: CODE, text: `A signal got worse in treatment: ${worst ?? 'unknown'}.` },
      ...withEvidence(input),
    },
  };
};
