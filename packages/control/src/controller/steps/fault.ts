import { withEvidence } from '../evidence-summary.ts';
import { judgingFailed } from '../fault.ts';
import { mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

/**
 * What cannot be judged may do harm that nobody sees, for as long as it is served: it is taken back at once.
 * Before the first stage nobody is served, and `hold-cause.ts` holds.
 */
export const fault: Step = (input) => {
  if (!mayExpose(input.rollout)) return undefined;
  const cause = judgingFailed(input);
  if (cause === undefined) return undefined;
  return {
    step: 'fault',
    command: { type: 'rollbackRollout', ...target(input), cause, ...withEvidence(input) },
  };
};
