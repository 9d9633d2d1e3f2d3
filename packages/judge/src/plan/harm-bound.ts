import { HARM_MIXTURE } from '../betting/mixtures.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAlpha, requireAtLeast, requireShare } from '../error/require.ts';

/**
 * Bad outcomes beyond control's that a plan tolerates in its next stage before it reacts:
 * units x (relative margin x baseline rate + excess).
 */
export function harmBound(input: {
  readonly units: number;
  readonly relativeMargin: number;
  readonly baselineRate: number;
  readonly excess: number;
}): number {
  requireAtLeast('units', input.units, 0);
  requireAtLeast('relativeMargin', input.relativeMargin, 0);
  requireShare('baselineRate', input.baselineRate);
  requireAtLeast('excess', input.excess, 0);
  return input.units * (input.relativeMargin * input.baselineRate + input.excess);
}

/**
 * About how many extra bad outcomes pass before the judge rolls back a feature that multiplies the rate by
 * `ratio`, at a small share: ln(1 / (alpha w)) (m - 1) / (m ln m - m + 1), whatever rate and traffic are.
 * `weight` is the hypothesis's weight x its start's weight; the weight of the nearest alternative of the
 * mixture is multiplied in here.
 */
export function excessEventsBeforeRollback(input: {
  readonly alpha: number;
  readonly weight: number;
  readonly ratio: number;
}): number {
  requireAlpha('alpha', input.alpha);
  requireWeight(input.weight);
  const { ratio } = input;
  if (!(ratio > 1 && Number.isFinite(ratio))) {
    throw new JudgeInputError(
      'ratio_not_harm',
      'ratio',
      `ratio is ${ratio}; a finite number above 1 is accepted`,
    );
  }
  const weight = input.weight * weightOfNearest(ratio);
  const perEvent = (ratio - 1) / (ratio * Math.log(ratio) - ratio + 1);
  return -Math.log(input.alpha * weight) * perEvent;
}

function requireWeight(weight: number): void {
  if (weight > 0 && weight <= 1) return;
  throw new JudgeInputError(
    'weight_out_of_range',
    'weight',
    `weight is ${weight}; a number above 0 and at most 1 is accepted`,
  );
}

function weightOfNearest(ratio: number): number {
  let nearest = 0;
  let distance = Infinity;
  HARM_MIXTURE.multipliers.forEach((multiplier, index) => {
    const away = Math.abs(Math.log(multiplier / ratio));
    if (away < distance) {
      distance = away;
      nearest = HARM_MIXTURE.weights[index] ?? 0;
    }
  });
  return nearest;
}
