import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAtLeast, requireCount } from '../error/require.ts';

/** Latency buckets: ascending, each ending at its upper edge. */
export interface LatencyScale {
  bucketOf(latencyMs: number): number;
  upperEdgeMs(bucket: number): number;
}

/** Units by the bucket of their slowest request. */
export type LatencyHistogram = Readonly<Record<number, number>>;

export interface FrozenThreshold {
  /** A unit is slow when its slowest request falls in a bucket above this one. */
  readonly bucket: number;
  /** Upper edge of that bucket. */
  readonly thresholdMs: number;
  /** Share of baseline units above the threshold. */
  readonly baselineShareAbove: number;
  /** The quantile asked for, or a higher one where the asked one is too common to judge well. */
  readonly quantileUsed: number;
  /** d = (1 - quantile) - baselineShareAbove: treatment may have that much more. */
  readonly excess: number;
}

/** Above this share the bet for rare outcomes wastes evidence; a higher quantile is taken. */
const LARGEST_SHARE_ABOVE = 0.05;
const HIGHER_QUANTILES = [0.95, 0.99, 0.999, 0.9999];

/**
 * Freezes the threshold of a latency guardrail: tau = the baseline's quantile x (1 + relative margin),
 * rounded up to a bucket edge. Judged is then p_T <= p_C + excess for the share of units above it.
 * Throws `JudgeInputError` for an empty baseline or a quantile outside (0, 1).
 */
export function frozenThreshold(
  baseline: LatencyHistogram,
  guardrail: { readonly quantile: number; readonly relativeMargin: number },
  scale: LatencyScale,
): FrozenThreshold {
  requireAtLeast('relativeMargin', guardrail.relativeMargin, 0);
  const { quantile } = guardrail;
  if (!(quantile > 0 && quantile < 1)) {
    throw new JudgeInputError(
      'quantile_out_of_range',
      'quantile',
      `quantile is ${quantile}; a number above 0 and below 1 is accepted`,
    );
  }
  const units = unitsOf(baseline);
  const candidates = [quantile, ...HIGHER_QUANTILES.filter((higher) => higher > quantile)];
  let frozen = freezeAt(baseline, units, { ...guardrail, scale });
  for (const candidate of candidates) {
    frozen = freezeAt(baseline, units, { ...guardrail, quantile: candidate, scale });
    if (frozen.baselineShareAbove <= LARGEST_SHARE_ABOVE && frozen.excess > 0) break;
  }
  return frozen;
}

function freezeAt(
  baseline: LatencyHistogram,
  units: number,
  options: {
    readonly quantile: number;
    readonly relativeMargin: number;
    readonly scale: LatencyScale;
  },
): FrozenThreshold {
  const { quantile, relativeMargin, scale } = options;
  const quantileMs = quantileOf(baseline, quantile * units, scale);
  const bucket = bucketEndingAt(quantileMs * (1 + relativeMargin), scale);
  let above = 0;
  for (const [key, count] of Object.entries(baseline)) if (Number(key) > bucket) above += count;
  const baselineShareAbove = above / units;
  return {
    bucket,
    thresholdMs: scale.upperEdgeMs(bucket),
    baselineShareAbove,
    quantileUsed: quantile,
    excess: tolerated(1 - quantile - baselineShareAbove),
  };
}

/**
 * The first bucket that ends at or above a latency; where that one has no end, the last that has one:
 * a threshold that nothing can exceed would never show harm.
 */
function bucketEndingAt(latencyMs: number, scale: LatencyScale): number {
  let bucket = scale.bucketOf(latencyMs);
  const endsBefore = bucket > 0 && scale.upperEdgeMs(bucket - 1) >= latencyMs;
  if (endsBefore) bucket -= 1;
  while (bucket > 0 && scale.upperEdgeMs(bucket) === Infinity) bucket -= 1;
  return bucket;
}

/** What rounding leaves of nothing is nothing. */
function tolerated(excess: number): number {
  return excess > 1e-12 ? excess : 0;
}

/**
 * The latency that so many units do not exceed, on a straight line within its bucket: a bucket's upper edge
 * would add half a bucket on average to what the margin tolerates.
 */
function quantileOf(baseline: LatencyHistogram, wanted: number, scale: LatencyScale): number {
  const buckets = Object.keys(baseline)
    .map(Number)
    .sort((one, other) => one - other);
  let below = 0;
  for (const bucket of buckets) {
    const here = baseline[bucket] ?? 0;
    if (here > 0 && below + here >= wanted) {
      const upperMs = scale.upperEdgeMs(bucket);
      const lowerMs = bucket === 0 ? 0 : scale.upperEdgeMs(bucket - 1);
      const within = (wanted - below) / here;
      return within >= 1 || upperMs === Infinity ? upperMs : lowerMs + within * (upperMs - lowerMs);
    }
    below += here;
  }
  return scale.upperEdgeMs(buckets.at(-1) ?? 0);
}

function unitsOf(baseline: LatencyHistogram): number {
  let units = 0;
  for (const [bucket, count] of Object.entries(baseline)) {
    requireCount(`baseline[${bucket}]`, count);
    units += count;
  }
  if (units > 0) return units;
  throw new JudgeInputError(
    'baseline_empty',
    'baseline',
    'baseline has no unit; a histogram of at least one unit is accepted',
  );
}
