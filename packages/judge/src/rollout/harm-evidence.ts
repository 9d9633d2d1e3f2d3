import { logSumExp } from '../special/log-sum-exp.ts';
import type { HarmAssessment, HypothesisEvidence } from './assessment.ts';
import { kindOf } from './kind/kinds.ts';
import type { Hypothesis, HypothesisState, JudgeState } from './types.ts';

/**
 * Evidence of harm over the hypotheses of a role. Within one horizon it is the sum of w_k E_k: the same
 * units close in the same batch, so the sum is an e-process whatever the dependence. What slices to come
 * are kept for counts as 1. Horizons lag behind each other, and a sum of lagging e-processes is none
 * (docs/judge.md): each keeps its own part of alpha, and harm is shown when one of them reaches 1 / alpha.
 * A hypothesis is named when E_k alone reaches 1 / (alpha w_k).
 */
export function assessHarm(state: JudgeState, role: Hypothesis['role']): HarmAssessment {
  const limit = -Math.log(state.config.alphaHarm);
  const attribution: HypothesisEvidence[] = [];
  const weighted = new Map<number, number[]>();
  for (const own of state.hypotheses) {
    if (own.role !== role) continue;
    const logE = logHarmOf(own);
    const logWeight = Math.log(own.weight);
    const ofHorizon = weighted.get(own.horizonMs);
    if (ofHorizon === undefined) weighted.set(own.horizonMs, [logE + logWeight]);
    else ofHorizon.push(logE + logWeight);
    attribution.push({
      hypothesis: own.id,
      logE,
      sinceStage: logHarmSince(own, state.stage),
      limit: limit - logWeight,
      ...(own.slice === null ? {} : { slice: own.slice }),
      ...(own.kind === 'requests' ? { approximate: true } : {}),
    });
  }
  for (const [horizonMs, kept] of keptForSlices(state, role)) {
    weighted.get(horizonMs)?.push(Math.log(kept));
  }
  let largest = attribution.length === 0 ? 0 : -Infinity;
  for (const logs of weighted.values()) largest = Math.max(largest, logSumExp(logs));
  return { logE: largest, limit, harmful: largest >= limit, attribution };
}

/** ln of the mixture over starts; weight of starts that have not begun stays at e = 1. */
export function logHarmOf(hypothesis: HypothesisState): number {
  const kind = kindOf(hypothesis);
  let begun = 0;
  const terms: number[] = [];
  for (const start of hypothesis.starts) {
    begun += start.weight;
    terms.push(Math.log(start.weight) + kind.logHarm(hypothesis, start.process));
  }
  if (begun < 1) terms.push(Math.log1p(-begun));
  return logSumExp(terms);
}

/** The same of the starts of one stage alone, as if no other had been. */
function logHarmSince(hypothesis: HypothesisState, stage: number): number {
  const kind = kindOf(hypothesis);
  let begun = 0;
  const terms: number[] = [];
  for (const start of hypothesis.starts) {
    if (start.stage !== stage) continue;
    begun += start.weight;
    terms.push(Math.log(start.weight) + kind.logHarm(hypothesis, start.process));
  }
  return begun === 0 ? 0 : logSumExp(terms) - Math.log(begun);
}

/** Weight by horizon that no slice has taken yet; nothing where no slices are judged. */
function keptForSlices(state: JudgeState, role: Hypothesis['role']): Map<number, number> {
  const kept = new Map<number, number>();
  if (state.config.slices === undefined) return kept;
  for (const { role: of, horizonMs, weight } of state.config.hypotheses) {
    if (of === role) kept.set(horizonMs, (kept.get(horizonMs) ?? 0) + weight);
  }
  for (const { role: of, horizonMs, weight } of state.hypotheses) {
    const left = kept.get(horizonMs);
    if (of === role && left !== undefined) kept.set(horizonMs, left - weight);
  }
  for (const [horizonMs, left] of kept) if (!(left > 1e-12)) kept.delete(horizonMs);
  return kept;
}
