import type { UnitCounts } from '../telemetry/rollout/types.ts';

/** Quantile of the standard normal at 99 %. */
const Z = 2.3263478740408408;

/**
 * One-sided 99 % upper bound of a rate by Wilson's score (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927);
 * 1 where nothing was counted.
 */
export function wilsonUpper({ units, bad }: UnitCounts): number {
  if (units === 0) return 1;
  const rate = bad / units;
  const square = Z * Z;
  const centre = rate + square / (2 * units);
  const spread = Z * Math.sqrt((rate * (1 - rate)) / units + square / (4 * units * units));
  return Math.min(1, (centre + spread) / (1 + square / units));
}
