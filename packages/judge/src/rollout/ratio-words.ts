import type { RatioAssessment } from './assessment.ts';

/** How often treatment fails, in times of control, and how surely. */
export function comparison({ estimate, lower, upper }: RatioAssessment): string {
  if (lower > 1) {
    const times =
      estimate === null
        ? 'more often than control'
        : `${estimate.toFixed(1)} times as often as control`;
    return `treatment fails ${times}, at least ${lower.toFixed(1)} times with 99 % certainty`;
  }
  if (upper < Infinity) {
    return `treatment fails at most ${upper.toFixed(1)} times as often as control with 99 % certainty`;
  }
  return 'too few outcomes to tell them apart yet';
}
