import type { Assessment } from './types.ts';

export type Verdict = 'harmful' | 'safe' | 'inconclusive' | 'blind';

/** Harm stands above all; without fresh telemetry nothing is safe; silence is never health. */
export function verdictOf(assessment: Assessment, telemetry: { readonly blind: boolean }): Verdict {
  if (assessment.harm.harmful) return 'harmful';
  if (telemetry.blind) return 'blind';
  return assessment.safe ? 'safe' : 'inconclusive';
}
