import { logMeanE, type Moments, rhoFor, sampleVariance } from '@downhaul/judge';
import type { Guardrail } from '../plan/types.ts';

/** What a mean needs to be reckoned with. */
interface MeanClaim {
  readonly guardrail: Guardrail;
  /** Units that were measured before. */
  readonly known: Moments;
  readonly alpha: number;
  /** Of the units, in treatment: above 0 and below 1. */
  readonly share: number;
}

/** Beyond this many units nobody waits. */
const MOST_UNITS = 1e12;

/**
 * Treatment units that a feature that changes nothing needs until its mean is shown to be no worse: where
 * the expected score, the margin times the information, brings the evidence of `logMeanE` to ln(1 / alpha).
 * The information of n treatment units is n / (variance (1 + c^2 share / (1 - share))), c the margin's
 * factor (docs/judge-methods.md, «Means»). Half of all rollouts need more. Infinity where the margin
 * tolerates nothing, or more than 10^12 are needed.
 */
export function meanUnitsNeeded({ guardrail, known, alpha, share }: MeanClaim): number {
  const { margin, worse = 'higher' } = guardrail;
  const tolerated = margin.relative * Math.abs(known.mean) + margin.absolute;
  const variance = sampleVariance(known);
  const standardError = tolerated / 3;
  if (!(standardError > 0)) return Number.POSITIVE_INFINITY;
  const sign = (worse === 'higher') === known.mean >= 0 ? 1 : -1;
  const factor = 1 + sign * margin.relative;
  const perUnit = variance * (1 + (factor * factor * share) / (1 - share));
  const rho = rhoFor(standardError, alpha);
  const isShown = (units: number) => {
    const information = units / perUnit;
    const score = -tolerated * information;
    return logMeanE({ score, information }, { claim: 'nonInferiority', rho }) >= -Math.log(alpha);
  };
  // The judge counts no stratum below 200 units of each arm.
  let units = Math.max(200, Math.ceil((200 * share) / (1 - share)));
  if (!(perUnit > 0)) return units;
  while (!isShown(units)) {
    units *= 1.1;
    if (units > MOST_UNITS) return Number.POSITIVE_INFINITY;
  }
  return Math.ceil(units);
}
