import { requireAlpha } from '../error/require.ts';
import { assessBatchMeans, type BatchMeanProcess } from './batch-means.ts';
import { type DispersionState, eventsPerCluster } from './overdispersion.ts';
import { rateLogE, type RateProcess } from './rate-process.ts';

/** Evidence on a rate, and which form of it was believed. */
export interface RateEvidence {
  readonly logE: number;
  readonly limit: number;
  readonly refuted: boolean;
  readonly form: 'poisson' | 'batchMeans';
}

/**
 * The e-process of single events, in which so many count as one as control's spread between batches says;
 * from the time that they were shown to come in clusters, the slower one that believes only that spread. Both
 * take in every batch from the start, so the change loses nothing.
 */
export function rateEvidence(
  evidence: {
    readonly process: RateProcess;
    readonly batchMeans: BatchMeanProcess;
    readonly dispersion: DispersionState;
  },
  options: { readonly alpha: number; readonly rho: number },
): RateEvidence {
  requireAlpha('alpha', options.alpha);
  const { process, batchMeans, dispersion } = evidence;
  const limit = -Math.log(options.alpha);
  if (!dispersion.clustered) {
    const logE = rateLogE(process, eventsPerCluster(dispersion));
    return { logE, limit, refuted: logE >= limit, form: 'poisson' };
  }
  const { claim, null: nullRate } = process;
  const means = assessBatchMeans(batchMeans, { ...options, claim, null: nullRate });
  return { logE: means.logE, limit, refuted: means.refuted, form: 'batchMeans' };
}
