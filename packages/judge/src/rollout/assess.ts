import type { Assessment, NonInferiorityAssessment, TotalsAssessment } from './assessment.ts';
import { hypothesisOf } from './batch-place.ts';
import { assessHarm } from './harm-evidence.ts';
import { kindOf } from './kind/kinds.ts';
import { assessNonInferiority } from './non-inferiority-evidence.ts';
import { assessSrm } from './srm-evidence.ts';
import type { JudgeState } from './types.ts';

/**
 * What the evidence says now, as far as decisions rest on it. Changes nothing; may be asked at any time
 * (Ville's inequality).
 */
export function assess(state: JudgeState): Assessment {
  const nonInferiority = assessNonInferiority(state);
  return {
    harm: assessHarm(state, 'guardrail'),
    signals: assessHarm(state, 'signal'),
    nonInferiority,
    safe: isSafe(state, nonInferiority),
    srm: assessSrm(state),
  };
}

/**
 * Figures for people: counts, estimates and 99 % bounds of every hypothesis and slice, by stage and of all
 * stages together (stage -1). Costs far more than `assess`; neither harm nor a step up rests on it.
 */
export function assessTotals(state: JudgeState): TotalsAssessment[] {
  return state.hypotheses.flatMap((own) => kindOf(own).totals(own));
}

/** The same of one hypothesis or slice. Throws `JudgeInputError` for an unknown one. */
export function assessTotalsOf(state: JudgeState, hypothesis: string): TotalsAssessment[] {
  const own = hypothesisOf(state, hypothesis);
  return kindOf(own).totals(own);
}

/** A guardrail that was given no margin has not passed: what nobody looked at is not healthy. */
function isSafe(state: JudgeState, results: readonly NonInferiorityAssessment[]): boolean {
  let guardrails = 0;
  for (const { role } of state.config.hypotheses) if (role === 'guardrail') guardrails += 1;
  let whole = 0;
  for (const { passed, slice } of results) {
    if (!passed) return false;
    if (slice === undefined) whole += 1;
  }
  return guardrails > 0 && whole === guardrails;
}
