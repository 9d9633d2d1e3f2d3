import { withEvidence } from './evidence-summary.ts';
import { target } from './standing.ts';
import type { ControllerInput, ControllerStep } from './types.ts';

/** Before a step up, and only there: what the flag requires must be there, else the rollout holds. */
export function notReady(input: ControllerInput): Omit<ControllerStep, 'sentences'> | undefined {
  const { readiness } = input;
  if (readiness?.ok !== false) return undefined;
  return {
    step: 'hold',
    command: {
      type: 'holdRollout',
      ...target(input),
      cause: { code: 'not_ready', text: readiness.cause },
      ...withEvidence(input),
    },
    waitsFor: { code: 'not_ready', text: readiness.cause },
  };
}
