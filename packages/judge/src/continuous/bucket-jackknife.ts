import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireFinite, requireSameLength } from '../error/require-figure.ts';
import { requireAtLeast } from '../error/require.ts';
import { type ArmSpread, type Contrast, contrastVariance, type NoContrast } from './contrast.ts';
import { marginFactors, type MeanMargin, requireMargin } from './margin.ts';

/** Units are spread over this many buckets per arm by a hash of the unit. */
export const UNIT_BUCKETS = 64;

/** Requests of all units in one bucket. */
export interface BucketSums {
  readonly count: number;
  readonly sum: number;
}

export interface BucketEstimate {
  readonly count: number;
  readonly mean: number;
  /** Variance of `mean`, between buckets. */
  readonly variance: number;
}

/**
 * Mean per request where units, not requests, were randomized, and only sums per bucket of units are known:
 * the ratio of the sums, with the delete-one-bucket jackknife variance
 * (G - 1) / G * sum of (mean without g - average of those)^2. Requests of one unit may depend on each
 * other in any way. Source: Efron and Tibshirani 1993, chapter 11.
 */
export function bucketEstimate(buckets: readonly BucketSums[]): BucketEstimate {
  requireBuckets(buckets);
  let count = 0;
  let sum = 0;
  for (const bucket of buckets) {
    count += bucket.count;
    sum += bucket.sum;
  }
  const without = buckets.map((bucket) => (sum - bucket.sum) / (count - bucket.count));
  const average = without.reduce((total, mean) => total + mean, 0) / without.length;
  const spread = without.reduce((total, mean) => total + (mean - average) ** 2, 0);
  return { count, mean: sum / count, variance: (spread * (without.length - 1)) / without.length };
}

/**
 * The contrast of a stratum from bucket sums. Approximate: a variance from 64 buckets is itself known to
 * about 18 %, so treat evidence near the limit with care; every result built on it says so.
 */
export function bucketContrast(
  arms: { readonly treatment: readonly BucketSums[]; readonly control: readonly BucketSums[] },
  margin: MeanMargin,
): (Contrast & { readonly approximate: true }) | NoContrast {
  requireSameLength('control', arms.control, arms.treatment.length);
  requireMargin(margin);
  if (filled(arms.treatment) < UNIT_BUCKETS / 2 || filled(arms.control) < UNIT_BUCKETS / 2) {
    return { skipped: 'too_few_units' };
  }
  const treatment = bucketEstimate(arms.treatment);
  const control = bucketEstimate(arms.control);
  const { sign, factor, absolute } = marginFactors(margin, control.mean);
  const variance = contrastVariance(perRequest(treatment), perRequest(control), factor);
  if (!(variance > 0)) return { skipped: 'no_spread' };
  const difference = sign * (treatment.mean - factor * control.mean) - absolute;
  return { difference, variance, approximate: true };
}

/** The variance one request would have if requests were independent and gave the same error of the mean. */
function perRequest({ count, variance }: BucketEstimate): ArmSpread {
  return { count, variance: variance * count };
}

function filled(buckets: readonly BucketSums[]): number {
  return buckets.filter((bucket) => bucket.count > 0).length;
}

function requireBuckets(buckets: readonly BucketSums[]): void {
  for (const [index, { count, sum }] of buckets.entries()) {
    requireAtLeast(`buckets[${index}].count`, count, 0);
    requireFinite(`buckets[${index}].sum`, sum);
  }
  if (filled(buckets) >= 2) return;
  throw new JudgeInputError(
    'buckets_empty',
    'buckets',
    `${filled(buckets)} buckets hold requests; at least 2 are accepted`,
  );
}
