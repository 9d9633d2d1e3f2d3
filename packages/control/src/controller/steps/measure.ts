import { baselineUnits, isBaselineOpen, MIN_BASELINE_UNITS } from '../baseline.ts';
import { withEvidence } from '../evidence-summary.ts';
import { notReady } from '../readiness.ts';
import { target } from '../standing.ts';
import type { ControllerInput, Step } from '../types.ts';

/** The first stage is entered when the baseline's window is over; a missing baseline was held before. */
export const measure: Step = (input) => {
  const { rollout, evidence, nowMs } = input;
  if (rollout.status !== 'measuring') return undefined;
  const remainingMs = Math.max(0, rollout.stageEnteredAtMs + rollout.plan.baselineMs - nowMs);
  if (remainingMs > 0 || isTooEarly(input)) {
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

/** The window is over and too few units are counted, but its last batches are not closed yet. */
function isTooEarly({ rollout, evidence }: ControllerInput): boolean {
  if (rollout.unguarded || evidence === undefined) return false;
  return baselineUnits(evidence) < MIN_BASELINE_UNITS && isBaselineOpen(rollout, evidence);
}
