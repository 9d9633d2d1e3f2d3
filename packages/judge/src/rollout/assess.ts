import { logE } from '../betting/process.ts';
import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../betting/mixtures.ts';
import { logSumExp } from '../special/log-sum-exp.ts';
import { srmLogE } from '../srm/log-bayes-factor.ts';
import { assessTotals } from './assess-totals.ts';
import type {
  Assessment,
  HarmAssessment,
  Hypothesis,
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
    safe: nonInferiority.length > 0 && nonInferiority.every((each) => each.passed),
    srm: assessSrm(state),
    totals: state.hypotheses.flatMap(assessTotals),
  };
}

/**
 * E = sum of w_k E_k over the hypotheses of a role, an e-process under any dependence; harmful when it
 * reaches 1 / alpha. A hypothesis is named when E_k alone reaches 1 / (alpha w_k).
 */
function assessHarm(state: JudgeState, role: Hypothesis['role']): HarmAssessment {
  const { alphaHarm } = state.config;
  const limit = -Math.log(alphaHarm);
  const weighted: number[] = [];
  const attribution = [];
  for (const [index, hypothesis] of state.config.hypotheses.entries()) {
    const own = state.hypotheses[index];
    if (hypothesis.role !== role || own === undefined) continue;
    const evidence = logHarm(own);
    weighted.push(evidence + Math.log(hypothesis.weight));
    const ownLimit = limit - Math.log(hypothesis.weight);
    attribution.push({ hypothesis: hypothesis.id, logE: evidence, limit: ownLimit });
  }
  const total = weighted.length === 0 ? 0 : logSumExp(weighted);
  return { logE: total, limit, harmful: total >= limit, attribution };
}

/** ln of the mixture over starts; weight of starts that have not begun stays at e = 1. */
function logHarm(hypothesis: HypothesisState): number {
  let begun = 0;
  const terms: number[] = [];
  for (const start of hypothesis.starts) {
    begun += start.weight;
    terms.push(Math.log(start.weight) + logE(start.process, HARM_MIXTURE));
  }
  if (begun < 1) terms.push(Math.log1p(-begun));
  return logSumExp(terms);
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

/** Product over strata of the Beta e-values that the configured shares were met (judge.md B.5). */
function assessSrm(state: JudgeState): SrmAssessment {
  let evidence = 0;
  let expected = 0;
  let treated = 0;
  for (const counts of Object.values(state.assignments)) {
    evidence += srmLogE(counts, counts.share);
    expected += (counts.treatment + counts.control) * counts.share;
    treated += counts.treatment;
  }
  const limit = -Math.log(state.config.alphaSrm);
  return {
    logE: evidence,
    limit,
    alarm: evidence >= limit,
    treatmentDeficit: expected === 0 ? 0 : 1 - treated / expected,
  };
}
