import { withEvidence } from '../evidence-summary.ts';
import { notReady } from '../readiness.ts';
import { stageUnmet } from '../stage-unmet.ts';
import { target } from '../standing.ts';
import { isTooLong } from './too-long.ts';
import type { Step } from '../types.ts';

/** Up to the next stage: bake over, sample reached, every guardrail non-inferior at the NEXT stage's margin. */
export const advance: Step = (input) => {
  const { rollout, evidence } = input;
  if (rollout.status !== 'running' || rollout.stage >= rollout.plan.stages.length - 1)
    return undefined;
  const unmet = stageUnmet(input);
  if (unmet !== undefined) {
    return isTooLong(input) ? undefined : { step: 'wait', waitsFor: unmet };
  }
  return (
    notReady(input) ?? {
      step: 'advance',
      command: {
        type: 'advanceRollout',
        ...target(input),
        figures: evidence?.nextFigures ?? { nextStageUnits: 1, hypotheses: {} },
        ...withEvidence(input),
      },
    }
  );
};
