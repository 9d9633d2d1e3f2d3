import { logBeta, stirlingRemainder } from '../special/log-gamma.ts';

const HALF_LN_2_PI = 0.5 * Math.log(2 * Math.PI);

/** Units' worth of belief in the configured share. */
export const SRM_PRIOR_UNITS = 1_000;

/**
 * ln of the Beta e-value that `treatment` of the units first assigned are there where a share of
 * `share` was configured (Lindon and Malek 2020, the two-arm case):
 * ln B(k s + n_T, k (1 - s) + n_C) - ln B(k s, k (1 - s)) - n_T ln s - n_C ln(1 - s).
 * The terms of order n are taken together, so nothing is lost at 1e9 units.
 */
export function srmLogE(
  counts: { readonly treatment: number; readonly control: number },
  share: number,
  priorUnits: number = SRM_PRIOR_UNITS,
): number {
  const { treatment, control } = counts;
  const units = treatment + control;
  const a = priorUnits * share + treatment;
  const b = priorUnits * (1 - share) + control;
  const total = priorUnits + units;
  const surplus = treatment - units * share;
  return (
    treatment * Math.log1p(surplus / (total * share)) +
    control * Math.log1p(-surplus / (total * (1 - share))) +
    (priorUnits * share - 0.5) * Math.log(a / total) +
    (priorUnits * (1 - share) - 0.5) * Math.log(b / total) -
    0.5 * Math.log(total) +
    HALF_LN_2_PI +
    stirlingRemainder(a) +
    stirlingRemainder(b) -
    stirlingRemainder(total) -
    logBeta(priorUnits * share, priorUnits * (1 - share))
  );
}
