import { requireInside } from '../error/require-figure.ts';
import { requireAlpha, requireAtLeast } from '../error/require.ts';
import type { LatencyHistogram, LatencyScale } from '../latency/frozen-threshold.ts';
import { betaBinomialMixture } from '../uniform/beta-binomial-mixture.ts';
import { mixtureBound } from '../uniform/mixture.ts';
import { cumulate, type Cumulative } from './cumulative.ts';

export interface QuantileInterval {
  /** Upper edge of the bucket that the sample quantile is in. */
  readonly estimateMs: number;
  readonly lowerMs: number;
  /** Infinity while too few values were seen. */
  readonly upperMs: number;
}

/**
 * A quantile with a confidence sequence, for display: at level alpha right at every look at once. Both ends
 * lie on bucket edges, outwards. Null for an empty histogram. Source: Howard and Ramdas, Bernoulli 2022,
 * theorem 1 with the beta-binomial mixture. Throws `JudgeInputError`.
 */
export function quantileInterval(
  histogram: LatencyHistogram,
  scale: LatencyScale,
  options: { readonly quantile: number; readonly alpha: number; readonly sharpestAt: number },
): QuantileInterval | null {
  requireInside('quantile', options.quantile);
  requireAlpha('alpha', options.alpha);
  requireAtLeast('sharpestAt', options.sharpestAt, 1);
  const cumulative = cumulate(histogram, 'histogram');
  if (cumulative.count === 0) return null;
  const p = options.quantile;
  const middle = p * cumulative.count;
  const few = middle - deviation(1 - p, cumulative, options);
  const many = middle + deviation(p, cumulative, options);
  const lowest = firstBucketWith(cumulative, (count) => count >= few);
  const beyond = firstBucketWith(cumulative, (count) => count > many);
  return {
    estimateMs: scale.upperEdgeMs(firstBucketWith(cumulative, (count) => count >= middle)),
    lowerMs: lowest === 0 ? 0 : scale.upperEdgeMs(lowest - 1),
    upperMs: beyond > cumulative.lastBucket ? Infinity : scale.upperEdgeMs(beyond),
  };
}

/** How many more values than p n may lie up to the quantile; for 1 - p, how many fewer. */
function deviation(
  below: number,
  { count }: Cumulative,
  { alpha, sharpestAt }: { readonly alpha: number; readonly sharpestAt: number },
): number {
  const unit = below * (1 - below);
  const mixture = betaBinomialMixture({
    below,
    above: 1 - below,
    atVariance: unit * sharpestAt,
    alpha,
    sides: 'two',
  });
  return mixtureBound(mixture, { variance: unit * count, logThreshold: -Math.log(alpha) });
}

/** The first bucket at whose upper edge the count is enough; one past the last where it never is. */
function firstBucketWith(cumulative: Cumulative, enough: (count: number) => boolean): number {
  let bucket = 0;
  while (bucket <= cumulative.lastBucket && !enough(cumulative.upTo(bucket))) bucket += 1;
  return bucket;
}
