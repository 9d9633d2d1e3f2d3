import { withEvidence } from '../evidence-summary.ts';
import { mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

/** Where everyone is treated, leaving the baseline's threshold rolls back (settled question 1). */
export const wholeStage: Step = (input) => {
  const { rollout, evidence } = input;
  const exceeded = evidence?.wholeStage?.exceeded ?? [];
  if (!mayExpose(rollout) || exceeded.length === 0) return undefined;
  const text = `With everyone in treatment the rate left the recorded baseline: ${exceeded.join(', ')}.`;
  return {
    step: 'wholeStage',
    command: {
      type: 'rollbackRollout',
      ...target(input),
      cause: { code: 'baseline_exceeded', text },
      ...withEvidence(input),
    },
  };
};
