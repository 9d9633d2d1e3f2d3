import { withEvidence } from '../evidence-summary.ts';
import { goesOn, target } from '../standing.ts';
import type { Step } from '../types.ts';

/** While its flag is down a rollout is paused. */
export const flagDown: Step = (input) => {
  if (!input.flagDown || !goesOn(input.rollout)) return undefined;
  return {
    step: 'flagDown',
    command: {
      type: 'pauseRollout',
      ...target(input),
      cause: { code: 'flag_down', text: 'The flag is down.' },
      ...withEvidence(input),
    },
  };
};
