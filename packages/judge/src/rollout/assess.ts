import { logE } from '../betting/process.ts';
import { NON_INFERIORITY_MIXTURE } from '../betting/mixtures.ts';
import { srmLogE } from '../srm/log-bayes-factor.ts';
import { assessTotals } from './assess-totals.ts';
import { assessHarm } from './harm-evidence.ts';
import type {
  Assessment,
  HypothesisState,
  JudgeState,
  NonInferiorityAssessment,
  SrmAssessment,
} from './types.ts';

/** What the evidence says now. Changes nothing; may be asked at any time (Ville's inequality). */
export function assess(state: JudgeState): Assessment {
  const nonInferiority = assessNonInferiority(state);
  return {
    harm: assessHarm(state, 'guardrail'),
    signals: assessHarm(state, 'signal'),
    nonInferiority,
    safe: isSafe(state, nonInferiority),
    srm: assessSrm(state),
    totals: state.hypotheses.flatMap(assessTotals),
  };
}

/** A guardrail that was given no margin has not passed: what nobody looked at is not healthy. */
function isSafe(state: JudgeState, results: readonly NonInferiorityAssessment[]): boolean {
  const guardrails = state.config.hypotheses.filter(({ role }) => role === 'guardrail').length;
  return guardrails > 0 && results.length === guardrails && results.every(({ passed }) => passed);
}

function assessNonInferiority(state: JudgeState): NonInferiorityAssessment[] {
  const limit = -Math.log(state.config.alphaNonInferiority);
  const assessments: NonInferiorityAssessment[] = [];
  for (const [index, hypothesis] of state.config.hypotheses.entries()) {
    const own = state.hypotheses[index];
    if (hypothesis.role !== 'guardrail' || own === undefined || own.nonInferiority === null) {
      continue;
    }
    const evidence = logE(own.nonInferiority, NON_INFERIORITY_MIXTURE);
    assessments.push({
      hypothesis: hypothesis.id,
      logE: evidence,
      limit,
      passed: evidence >= limit,
      null: own.nonInferiority.null,
      units: treatmentUnitsAt(own, state.stage),
    });
  }
  return assessments;
}

function treatmentUnitsAt(hypothesis: HypothesisState, stage: number): number {
  let units = 0;
  for (const [key, totals] of Object.entries(hypothesis.totals)) {
    if (key.startsWith(`${stage}|`)) units += totals[0];
  }
  return units;
}

/** Product over strata of the Beta e-values that the configured shares were met. */
function assessSrm(state: JudgeState): SrmAssessment {
  let evidence = 0;
  let implied = 0;
  let treated = 0;
  for (const counts of Object.values(state.assignments)) {
    evidence += srmLogE(counts, counts.share);
    implied += counts.control * (counts.share / (1 - counts.share));
    treated += counts.treatment;
  }
  const limit = -Math.log(state.config.alphaSrm);
  const treatmentDeficit = deficit(treated, implied);
  return { logE: evidence, limit, alarm: evidence >= limit, treatmentDeficit };
}

/** Relative to the treatment units that control's number leads to expect. */
function deficit(treated: number, implied: number): number {
  if (implied === 0) return treated === 0 ? 0 : -1;
  return Math.max(-1, 1 - treated / implied);
}
