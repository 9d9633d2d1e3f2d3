import { requireCount } from '../error/require.ts';
import { requireAtLeast } from '../error/require.ts';
import { requireFinite } from '../error/require-figure.ts';
import { type ArmMoments, contrastOf } from './contrast.ts';
import type { MeanClaim } from './information-time.ts';
import { judgeMeans, type MeanEvidence } from './judge-means.ts';
import type { MeanMargin } from './margin.ts';
import { mergeMoments, NO_MOMENTS } from './moments.ts';

/**
 * What is kept of a continuous metric: the moments of both arms by stratum (stage and part of the day).
 * Plain data; every claim and margin is judged from the same state.
 */
export interface MeanProcess {
  readonly strata: Record<string, ArmMoments>;
}

/** A closed batch of one stratum. Its units must not be in any other batch. */
export interface MeanBatch extends ArmMoments {
  readonly stratum: string;
}

export function createMeanProcess(): MeanProcess {
  return { strata: {} };
}

/** Takes a batch in, changing the process. Throws `JudgeInputError` for impossible moments. */
export function absorbMeanBatch(process: MeanProcess, batch: MeanBatch): void {
  for (const arm of ['treatment', 'control'] as const) {
    requireCount(`${arm}.count`, batch[arm].count);
    requireFinite(`${arm}.mean`, batch[arm].mean);
    requireAtLeast(`${arm}.squaredDeviations`, batch[arm].squaredDeviations, 0);
  }
  const before = process.strata[batch.stratum];
  process.strata[batch.stratum] = {
    treatment: mergeMoments(before?.treatment ?? NO_MOMENTS, batch.treatment),
    control: mergeMoments(before?.control ?? NO_MOMENTS, batch.control),
  };
}

/** What the metric says now on one claim at one margin. May be asked after every batch. */
export function assessMeans(
  process: MeanProcess,
  options: MeanClaim & { readonly alpha: number; readonly margin: MeanMargin },
): MeanEvidence {
  const strata = Object.entries(process.strata).map(([stratum, arms]) => ({
    stratum,
    contrast: contrastOf(arms, options.margin, options.claim),
  }));
  return judgeMeans(strata, options);
}
