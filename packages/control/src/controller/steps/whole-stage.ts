import type { WholeStageEvidence } from '../../evidence/types.ts';
import type { Cause } from '../../rollout/types.ts';
import { withEvidence } from '../evidence-summary.ts';
import { mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

/**
 * Where everyone is treated a rate that moved with the raise, or has stayed above everything ordinary for an
 * hour and a half, rolls back. What is above it for less long is held (`hold-cause.ts`).
 */
export const wholeStage: Step = (input) => {
  const { rollout, evidence } = input;
  if (!mayExpose(rollout)) return undefined;
  const cause = causeOf(evidence?.wholeStage);
  if (cause === undefined) return undefined;
  return {
    step: 'wholeStage',
    command: { type: 'rollbackRollout', ...target(input), cause, ...withEvidence(input) },
  };
};

function causeOf(wholeStage: WholeStageEvidence | undefined): Cause | undefined {
  if (wholeStage === undefined) return undefined;
  const { raised, lasting } = wholeStage;
  if (raised.length > 0) {
    const text = `The rate rose with the raise to everyone, when it was raised: ${raised.join(', ')}.`;
    return { code: 'raise_exceeded', text };
  }
  if (lasting.length === 0) return undefined;
  const text = `With everyone in treatment the rate has been above what any ordinary day does for an hour and a half: ${lasting.join(', ')}.`;
  return { code: 'baseline_exceeded', text };
}
