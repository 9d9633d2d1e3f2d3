import { latencyBucketUpperEdgeMs } from '@downhaul/engine';
import type { LatencyModel } from './types.ts';

/** What can be asked of a latency model. */
export interface LatencyLaw {
  /** P(latency > ms); even within a bucket. */
  readonly slower: (latencyMs: number) => number;
  /** P(latency lies in a bucket above this one). */
  readonly above: (bucket: number) => number;
  /** The latency that a share of units stays below. */
  readonly quantileMs: (quantile: number) => number;
}

export function latencyLaw({ shares }: LatencyModel): LatencyLaw {
  const total = shares.reduce((sum, share) => sum + share, 0) || 1;
  const aboveOf: number[] = Array<number>(shares.length).fill(0);
  for (let bucket = shares.length - 2; bucket >= 0; bucket--) {
    aboveOf[bucket] = (aboveOf[bucket + 1] ?? 0) + (shares[bucket + 1] ?? 0) / total;
  }
  const above = (bucket: number) => (bucket < 0 ? 1 : (aboveOf[bucket] ?? 0));
  const lowerMs = (bucket: number) => (bucket === 0 ? 0 : latencyBucketUpperEdgeMs(bucket - 1));
  const slower = (latencyMs: number) => {
    const bucket = bucketUpTo(latencyMs, shares.length);
    if (bucket >= shares.length) return 0;
    const [low, high] = [lowerMs(bucket), latencyBucketUpperEdgeMs(bucket)];
    const left = Number.isFinite(high) ? Math.max(0, (high - latencyMs) / (high - low)) : 1;
    return above(bucket) + ((shares[bucket] ?? 0) / total) * Math.min(1, left);
  };
  const quantileMs = (quantile: number) => {
    const bucket = aboveOf.findIndex((share) => share <= 1 - quantile);
    return latencyBucketUpperEdgeMs(bucket < 0 ? shares.length - 1 : bucket);
  };
  return { slower, above, quantileMs };
}

/** The bucket of a latency by bisection over edges: those of the engine, so that edges agree. */
function bucketUpTo(latencyMs: number, buckets: number): number {
  let low = 0;
  let high = buckets;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (latencyMs < latencyBucketUpperEdgeMs(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
