import { withEvidence } from '../evidence-summary.ts';
import { notReady } from '../readiness.ts';
import { target } from '../standing.ts';
import type { Step } from '../types.ts';

/** The first stage is entered when the baseline's window is over; a missing baseline was held before. */
export const measure: Step = (input) => {
  const { rollout, evidence, nowMs } = input;
  if (rollout.status !== 'measuring') return undefined;
  const remainingMs = rollout.stageEnteredAtMs + rollout.plan.baselineMs - nowMs;
  if (remainingMs > 0) {
    return {
      step: 'measure',
      waitsFor: {
        code: 'baseline',
        text: 'Measuring the baseline.',
        remaining: { ms: remainingMs },
      },
    };
  }
  if (evidence === undefined && !rollout.unguarded) {
    return {
      step: 'measure',
      waitsFor: { code: 'telemetry', text: 'No telemetry has arrived yet.' },
    };
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
