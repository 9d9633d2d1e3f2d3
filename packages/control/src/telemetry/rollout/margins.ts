import type { Null } from '@downhaul/judge';
import type { Hypothesis } from './hypotheses.ts';

/**
 * What the owner tolerates, as the null of HARM: p_T <= ratio x p_C + excess.
 * - Rates: ratio 1 + relative, excess the absolute margin.
 * - Rates that may not fall, in failures p = 1 - s: s_T >= (1 - relative) s_C - absolute becomes
 *   p_T <= (1 - relative) p_C + relative + absolute.
 * - Latency: its margin is in the frozen threshold; see `evidence/figures.ts` for the excess, which the
 *   baseline decides. Until then nothing above the quantile's own share is tolerated.
 * - Success: rejecting p_T <= (1 + by) p_C would show it; it is judged by its totals.
 */
export function planHarmNull({ kind, guardrail }: Pick<Hypothesis, 'kind' | 'guardrail'>): Null {
  const { relative, absolute } = guardrail.margin;
  switch (kind) {
    case 'slow':
      return { ratio: 1, excess: 1 - (guardrail.quantile ?? 0.99) };
    case 'missing':
      return { ratio: 1 - relative, excess: relative + absolute };
    default:
      return { ratio: 1 + relative, excess: absolute };
  }
}

/**
 * Non-inferiority before a stage that exposes `units` treatment units within the reaction time:
 * d = max(absolute, min(harmBudget / units, 2 x baseline rate)) in place of the absolute margin.
 */
export function planNonInferiorityNull(
  hypothesis: Pick<Hypothesis, 'kind' | 'guardrail'>,
  figures: { readonly harmBudget: number; readonly units: number; readonly rate: number },
): Null {
  const { ratio, excess } = planHarmNull(hypothesis);
  const { absolute } = hypothesis.guardrail.margin;
  const budget = figures.harmBudget / figures.units;
  const tolerated = Math.max(absolute, Math.min(budget, 2 * figures.rate));
  return { ratio, excess: excess - absolute + tolerated };
}
