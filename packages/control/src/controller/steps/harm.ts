import { harmfulHypotheses, withEvidence } from '../evidence-summary.ts';
import { mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

/** Harm rolls back in every status in which a unit may be in treatment, before anything else (invariant 4). */
export const harm: Step = (input) => {
  const { rollout, evidence } = input;
  if (!mayExpose(rollout) || !evidence?.assessment.harm.harmful) return undefined;
  const text = `Treatment does harm: ${harmfulHypotheses(evidence).join(', ')}.`;
  return {
    step: 'harm',
    command: {
      type: 'rollbackRollout',
      ...target(input),
      cause: { code: 'harm', text },
      ...withEvidence(input),
    },
  };
};
