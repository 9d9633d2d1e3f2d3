import { requireAlpha, requireCount } from '../error/require.ts';
import { dirichletLogE } from './dirichlet-evidence.ts';

/** Units' worth of belief in the configured share. */
export const SRM_PRIOR_UNITS = 1_000;

/**
 * ln of the Beta e-value that `treatment` of the units first assigned are there where a share of
 * `share` was configured, strictly between 0 and 1 (`dirichletLogE` with two arms):
 * ln B(k s + n_T, k (1 - s) + n_C) - ln B(k s, k (1 - s)) - n_T ln s - n_C ln(1 - s).
 * Throws `JudgeInputError`.
 */
export function srmLogE(
  counts: { readonly treatment: number; readonly control: number },
  share: number,
  priorUnits: number = SRM_PRIOR_UNITS,
): number {
  requireCount('treatment', counts.treatment);
  requireCount('control', counts.control);
  requireAlpha('share', share);
  const shares = [share, 1 - share];
  return dirichletLogE({
    counts: [counts.treatment, counts.control],
    shares,
    prior: shares.map((each) => priorUnits * each),
  });
}
