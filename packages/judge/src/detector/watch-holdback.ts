import { logBetFactor, type Null } from '../betting/bet.ts';
import { HARM_MIXTURE } from '../betting/mixtures.ts';
import type { BatchCounts } from '../betting/types.ts';
import { absorbStep, type Detector } from './detector.ts';

/**
 * Watches treatment against a holdback: p_T <= ratio p_C + excess, whatever the time of day does to both.
 * `controlRate` is predicted from the past, never from the batch at hand. A batch without units in either
 * arm is skipped. Throws `JudgeInputError`.
 */
export function watchHoldback(
  detector: Detector,
  batch: { readonly counts: BatchCounts; readonly null: Null; readonly controlRate: number },
): void {
  const { counts, null: nullRate, controlRate } = batch;
  const logFactors = HARM_MIXTURE.multipliers.map((multiplier) =>
    logBetFactor(counts, { null: nullRate, multiplier, controlRate }),
  );
  const { treatment, control } = counts;
  if (treatment.units === 0 || control.units === 0) return;
  // The rarer of the two decides how much a batch can tell.
  const units = 1 / (1 / treatment.units + 1 / control.units);
  absorbStep(detector, {
    logFactors,
    expected: units * (nullRate.ratio * controlRate + nullRate.excess),
  });
}
