import { bestBet, type Null } from '../betting/bet.ts';
import { rareSide } from '../betting/rare-side.ts';
import { requireAlpha, requireAtLeast, requireNull, requireShare } from '../error/require.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';

/**
 * What to reckon with as a multiple of a bet that knows the truth. Simulated rollouts at alpha 0.05 needed
 * 1.0 to 1.2 times as much in the median, and nine in ten less than 2.5 times.
 */
export const TYPICAL_MIXTURE_FACTOR = 1.5;

export interface ExposuresInput {
  /** Rate of bad outcomes in control. */
  readonly baselineRate: number;
  readonly null: Null;
  /** Share of treatment, above 0 and below 1. */
  readonly share: number;
  readonly alpha: number;
  /** Treatment's true rate over control's; 1 for a feature that changes nothing. */
  readonly truthRatio?: number;
}

/**
 * Treatment units that a bet which knows the truth needs to reject the null of non-inferiority:
 * ln(1 / alpha) / growth, growth per treatment unit = p_T ln a + (p_C / r) ln b - d (a - 1).
 * Infinity where the truth does not lie below the margin. Multiply by `TYPICAL_MIXTURE_FACTOR` for
 * what the judge really needs.
 */
export function exposuresNeeded(input: ExposuresInput): number {
  return unitsToReject(input, input.truthRatio ?? 1, (multiplier) => multiplier < 1);
}

/** Treatment units that a bet which knows the truth needs to reject the null of harm. */
export function exposuresToDetect(input: ExposuresInput & { readonly truthRatio: number }): number {
  return unitsToReject(input, input.truthRatio, (multiplier) => multiplier > 1);
}

function unitsToReject(
  input: ExposuresInput,
  truthRatio: number,
  inAlternative: (multiplier: number) => boolean,
): number {
  requireExposuresInput(input);
  const { baselineRate } = input;
  const treatmentRate = Math.min(1, truthRatio * baselineRate);
  const allowed = input.null.ratio * baselineRate + input.null.excess;
  if (!inAlternative(treatmentRate / allowed)) return Infinity;
  const growth = growthPerUnit(input, treatmentRate);
  return growth > 0 ? Math.ceil(-Math.log(input.alpha) / growth) : Infinity;
}

/** Expected growth of log evidence per treatment unit, told in the rarer outcomes as the judge does. */
function growthPerUnit({ null: claim, baselineRate, share }: ExposuresInput, rate: number): number {
  const side = rareSide(claim, baselineRate);
  const treatmentRate = side.isGood ? 1 - rate : rate;
  const { ratio, excess } = side.null;
  const allowed = ratio * side.controlRate + excess;
  if (allowed <= 0) return 0;
  const exposureRatio = share / (1 - share);
  const multiplier = Math.max(treatmentRate / allowed, 1e-6);
  const { a, b } = bestBet({ ...side, multiplier, exposureRatio });
  return (
    treatmentRate * Math.log(a) +
    (side.controlRate / exposureRatio) * Math.log(b) -
    excess * (a - 1)
  );
}

function requireExposuresInput(input: ExposuresInput): void {
  requireAlpha('alpha', input.alpha);
  requireNull('null', input.null);
  requireShare('baselineRate', input.baselineRate);
  requireAtLeast('truthRatio', input.truthRatio ?? 1, 0);
  if (input.baselineRate + input.null.excess === 0) {
    throw new JudgeInputError(
      'margin_unmeetable',
      'null.excess',
      'a relative margin of a rate of 0 allows nothing; an absolute margin above 0 is accepted',
    );
  }
  if (input.share > 0 && input.share < 1) return;
  throw new JudgeInputError(
    'share_out_of_range',
    'share',
    `share is ${input.share}; above 0 and below 1 is accepted, since both arms are needed`,
  );
}
