import { requireCounts, requireNull, requireShare } from '../error/require.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';
import type { BatchCounts, Null } from './types.ts';

export type { Null };

export interface BetInput {
  readonly null: Null;
  /** The alternative is p_T = multiplier * (ratio * p_C + excess); above 1 bets on harm. */
  readonly multiplier: number;
  /** Predicted rate of bad outcomes in control, from the past alone. */
  readonly controlRate: number;
  /** n_T / n_C of the batch. */
  readonly exposureRatio: number;
}

export interface Bet {
  /** Factor per bad outcome in treatment. */
  readonly a: number;
  /** Factor per bad outcome in control. */
  readonly b: number;
}

/**
 * The bet of largest expected logarithmic growth against the null (derivation in docs/judge.md):
 * with L the control rate, l = m (th L + d), u = 1 + r th, B = l r th + L th + d u,
 * a = 2 l u / (B + sqrt(B^2 - 4 d r th l u)), the numerically stable root; b = 1 - r th (a - 1).
 * `a` is capped at 1 + 0.999 / (r th), so that b stays positive. Throws `JudgeInputError`.
 */
export function bet(input: BetInput): Bet {
  requireBetInput(input);
  requirePositive('exposureRatio', input.exposureRatio);
  return bestBet(input);
}

/** The same for input that was checked before, where the excess may be negative. */
export function bestBet(input: BetInput): Bet {
  const slope = input.exposureRatio * input.null.ratio;
  const gain = betGain(input, slope);
  return { a: 1 + gain, b: 1 - slope * gain };
}

/**
 * ln e of one batch for one alternative: x_T ln a + x_C ln b - d (a - 1) n_T, and 0 when an arm is
 * empty, since then nothing is compared. Throws `JudgeInputError`.
 */
export function logBetFactor(counts: BatchCounts, input: Omit<BetInput, 'exposureRatio'>): number {
  requireCounts('counts', counts);
  requireBetInput(input);
  return logFactor(counts, input);
}

/**
 * The same for input that was checked before. Here the excess may be negative; a null that then allows
 * control's predicted rate nothing at all cannot be bet against.
 */
export function logFactor(
  { treatment, control }: BatchCounts,
  input: Omit<BetInput, 'exposureRatio'>,
): number {
  if (treatment.units === 0 || control.units === 0) return 0;
  const { excess } = input.null;
  if (excess === 0 && treatment.bad + control.bad === 0) return 0;
  if (excess < 0 && input.null.ratio * input.controlRate + excess <= 0) return 0;
  const slope = (treatment.units / control.units) * input.null.ratio;
  const gain = betGain(input, slope);
  let log = excess === 0 ? 0 : -excess * gain * treatment.units;
  if (treatment.bad > 0) log += treatment.bad * Math.log1p(gain);
  if (control.bad > 0) log += control.bad * Math.log1p(-slope * gain);
  return log;
}

/** a - 1. Without an excess it does not depend on the control rate. */
function betGain(
  { null: { ratio, excess }, multiplier, controlRate }: Omit<BetInput, 'exposureRatio'>,
  slope: number,
): number {
  if (excess === 0) return (multiplier - 1) / (1 + slope * multiplier);
  const treatmentRate = multiplier * (ratio * controlRate + excess);
  const u = 1 + slope;
  const middle = treatmentRate * slope + controlRate * ratio + excess * u;
  const root = Math.sqrt(Math.max(0, middle * middle - 4 * excess * slope * treatmentRate * u));
  return Math.min((2 * treatmentRate * u) / (middle + root) - 1, 0.999 / slope);
}

function requireBetInput(input: Omit<BetInput, 'exposureRatio'>): void {
  requireNull('null', input.null);
  requirePositive('multiplier', input.multiplier);
  requireShare('controlRate', input.controlRate);
}

function requirePositive(field: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new JudgeInputError(
    'number_out_of_range',
    field,
    `${field} is ${value}; a finite number above 0 is accepted`,
  );
}
