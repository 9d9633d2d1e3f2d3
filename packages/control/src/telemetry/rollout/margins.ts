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
 * What treatment has to be shown to keep, whatever is tolerated: this part of the good outcomes that the
 * margin itself asks for. A tolerance of everything would be a claim that nothing can break.
 */
const KEPT_AT_LEAST = 0.5;

/**
 * Non-inferiority before a stage: the plan's margin, with `toleratedExcess` in place of the absolute part.
 * Its excess is always from 0 to below 1, since the harm null's is.
 */
export function planNonInferiorityNull(
  hypothesis: Pick<Hypothesis, 'kind' | 'guardrail'>,
  figures: StageFigures,
): Null {
  const harmNull = planHarmNull(hypothesis);
  return tolerantNull(harmNull, hypothesis.guardrail.margin.absolute, figures);
}

/**
 * A harm null with a larger tolerance before a stage: `least`, a part of its excess, is replaced by
 * `toleratedExcess`, which takes at most half of the good outcomes that the null without it asks for.
 */
export function tolerantNull(harmNull: Null, least: number, figures: StageFigures): Null {
  const strict = { ratio: harmNull.ratio, excess: harmNull.excess - least };
  const most = (1 - KEPT_AT_LEAST) * goodAskedFor(strict, figures.rate);
  const excess = Math.max(least, Math.min(most, toleratedExcess(figures)));
  return { ratio: strict.ratio, excess: Math.max(0, strict.excess + excess) };
}

/**
 * A null of non-inferiority as the judge takes it. Rollouts of earlier releases have frozen an excess of 1 and
 * more: a tolerance of everything, which is held to the same bound.
 */
export function testableNull(claim: Null, rate: number): Null {
  if (claim.excess < 1) return claim;
  const strict = { ratio: claim.ratio, excess: 0 };
  return { ...strict, excess: (1 - KEPT_AT_LEAST) * goodAskedFor(strict, rate) };
}

/**
 * Whether a null allows every unit to be bad at the usual rate: then no outcome can break it, and it is shown
 * by nothing.
 */
export function toleratesEverything({ ratio, excess }: Null, rate: number): boolean {
  return ratio * rate + excess >= 1;
}

/** The share of good outcomes that a null asks for at the usual rate; 0 where it asks for none. */
function goodAskedFor({ ratio, excess }: Null, rate: number): number {
  return Math.max(0, 1 - (ratio * rate + excess));
}

/**
 * d = min(harmBudget / units, c x rate), c = 0.5 / share up to a share of 25 %, 0.5 above: a small stage may be
 * entered on little evidence, since little can happen in it (docs/decisions/0015). `rate` is that of the rarer
 * outcomes: of a conversion, those who convert.
 */
function toleratedExcess({ harmBudget, units, share, rate }: StageFigures): number {
  const caution = share <= SMALL_SHARE ? SMALL_ADDITION / share : LARGE_EXCESS;
  return Math.min(harmBudget / units, caution * Math.min(rate, 1 - rate));
}
