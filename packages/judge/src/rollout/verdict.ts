import type { Assessment } from './assessment.ts';

export type Verdict = 'harmful' | 'safe' | 'inconclusive' | 'blind';

/**
 * Harm stands above all; without fresh telemetry, or with arms that do not have the size they should,
 * nothing is safe; silence is never health.
 */
export function verdictOf(assessment: Assessment, telemetry: { readonly blind: boolean }): Verdict {
  if (assessment.harm.harmful) return 'harmful';
  if (telemetry.blind) return 'blind';
  return assessment.safe && !assessment.srm.alarm ? 'safe' : 'inconclusive';
}
