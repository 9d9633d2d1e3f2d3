/** The null p_T <= ratio * p_C + excess (HARM), or >= (non-inferiority). */
export interface Null {
  readonly ratio: number;
  readonly excess: number;
}

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
 * `a` is capped at 1 + 0.999 / (r th), so that b stays positive.
 */
export function bet(input: BetInput): Bet {
  const { ratio, excess } = input.null;
  const slope = input.exposureRatio * ratio;
  const treatmentRate = input.multiplier * (ratio * input.controlRate + excess);
  const u = 1 + slope;
  const middle = treatmentRate * slope + input.controlRate * ratio + excess * u;
  const root = Math.sqrt(Math.max(0, middle * middle - 4 * excess * slope * treatmentRate * u));
  const a = Math.min((2 * treatmentRate * u) / (middle + root), 1 + 0.999 / slope);
  return { a, b: 1 - slope * (a - 1) };
}
