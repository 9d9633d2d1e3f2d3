import { HARM_MIXTURE } from '../betting/mixtures.ts';
import { logE } from '../betting/process.ts';
import { logSumExp } from '../special/log-sum-exp.ts';
import type {
  HarmAssessment,
  Hypothesis,
  HypothesisEvidence,
  HypothesisState,
  JudgeState,
} from './types.ts';

/**
 * Evidence of harm over the hypotheses of a role. Within one horizon it is the sum of w_k E_k: the same
 * units close in the same batch, so the sum is an e-process whatever the dependence. Horizons lag behind
 * each other, and a sum of lagging e-processes is none (docs/judge.md): each keeps its own part of alpha,
 * and harm is shown when one of them reaches 1 / alpha. A hypothesis is named when E_k alone reaches
 * 1 / (alpha w_k).
 */
export function assessHarm(state: JudgeState, role: Hypothesis['role']): HarmAssessment {
  const { alphaHarm, hypotheses } = state.config;
  const limit = -Math.log(alphaHarm);
  const weighted = new Map<number, number[]>();
  const attribution: HypothesisEvidence[] = [];
  for (const [index, hypothesis] of hypotheses.entries()) {
    const own = state.hypotheses[index];
    if (hypothesis.role !== role || own === undefined) continue;
    const evidence = logHarm(own);
    const logWeight = Math.log(hypothesis.weight);
    const ofHorizon = weighted.get(hypothesis.horizonMs) ?? [];
    weighted.set(hypothesis.horizonMs, [...ofHorizon, evidence + logWeight]);
    attribution.push({
      hypothesis: hypothesis.id,
      logE: evidence,
      limit: limit - logWeight,
    });
  }
  const largest = attribution.length === 0 ? 0 : Math.max(...[...weighted.values()].map(logSumExp));
  return { logE: largest, limit, harmful: largest >= limit, attribution };
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
