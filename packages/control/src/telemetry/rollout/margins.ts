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

/** What is tolerated before a stage, beyond the margin. */
export interface StageFigures {
  readonly harmBudget: number;
  /** Treatment units that the stage exposes within the reaction time. */
  readonly units: number;
  /** Share of treatment in that stage, above 0 and at most 1. */
  readonly share: number;
  /** Control's usual rate of bad outcomes. */
  readonly rate: number;
}

/** Up to this share little can happen, and evidence is scarce. */
const SMALL_SHARE = 0.25;
/** So many times the service's usual bad outcomes a small stage may add before it is known to be no worse. */
const SMALL_ADDITION = 0.5;
/** The same of a large stage, in units of the usual rate of those treated. */
const LARGE_EXCESS = 0.5;

/**
 * Non-inferiority before a stage: `toleratedExcess` in place of the absolute margin; of latency, in place
 * of what the frozen threshold leaves.
 */
export function planNonInferiorityNull(
  hypothesis: Pick<Hypothesis, 'kind' | 'guardrail'>,
  figures: StageFigures,
): Null {
  const { ratio, excess } = planHarmNull(hypothesis);
  const { absolute } = hypothesis.guardrail.margin;
  return { ratio, excess: excess - absolute + toleratedExcess(absolute, figures) };
}

/**
 * d = max(least, min(harmBudget / units, c x rate)), c = 0.5 / share up to a share of 25 %, 0.5 above: a
 * small stage may be entered on little evidence, since little can happen in it (docs/decisions/0015).
 * `rate` is that of the rarer outcomes: of a conversion, those who convert.
 */
export function toleratedExcess(
  least: number,
  { harmBudget, units, share, rate }: StageFigures,
): number {
  const caution = share <= SMALL_SHARE ? SMALL_ADDITION / share : LARGE_EXCESS;
  return Math.max(least, Math.min(harmBudget / units, caution * Math.min(rate, 1 - rate)));
}
