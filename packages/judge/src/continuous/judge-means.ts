import { requireAlpha } from '../error/require.ts';
import type { Contrast, NoContrast } from './contrast.ts';
import { informationTime, logMeanE, type MeanClaim } from './information-time.ts';

/** One stratum's contrast with its name; `approximate` where its variance is itself an estimate. */
export interface NamedContrast {
  readonly stratum: string;
  readonly contrast: (Contrast & { readonly approximate?: boolean }) | NoContrast;
}

export interface MeanEvidence {
  readonly logE: number;
  /** ln(1 / alpha). */
  readonly limit: number;
  /** The null of the claim is refuted. */
  readonly refuted: boolean;
  /** How far beyond the margin treatment is, in the metric's unit; null before any stratum counts. */
  readonly beyondMargin: number | null;
  readonly standardError: number | null;
  readonly strata: number;
  readonly skipped: readonly {
    readonly stratum: string;
    readonly because: NoContrast['skipped'];
  }[];
  /** True where a variance comes from buckets of units instead of units. */
  readonly approximate: boolean;
}

/**
 * Evidence of harm or of non-inferiority of a mean, over all strata. Strata without enough units or
 * without any spread are left out and named; without any stratum the evidence is 0.
 */
export function judgeMeans(
  strata: readonly NamedContrast[],
  options: MeanClaim & { readonly alpha: number },
): MeanEvidence {
  requireAlpha('alpha', options.alpha);
  const used: NamedContrast['contrast'][] = [];
  const contrasts: Contrast[] = [];
  const skipped: { stratum: string; because: NoContrast['skipped'] }[] = [];
  for (const { stratum, contrast } of strata) {
    if ('skipped' in contrast) {
      skipped.push({ stratum, because: contrast.skipped });
      continue;
    }
    used.push(contrast);
    contrasts.push(contrast);
  }
  const total = informationTime(contrasts);
  const seen = contrasts.length > 0;
  const logE = seen ? logMeanE(total, options) : 0;
  const limit = -Math.log(options.alpha);
  return {
    logE,
    limit,
    refuted: logE >= limit,
    beyondMargin: seen ? total.score / total.information : null,
    standardError: seen ? 1 / Math.sqrt(total.information) : null,
    strata: contrasts.length,
    skipped,
    approximate: used.some(
      (contrast) => 'approximate' in contrast && contrast.approximate === true,
    ),
  };
}
