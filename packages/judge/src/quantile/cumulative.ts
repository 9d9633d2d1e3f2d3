import { requireCount } from '../error/require.ts';
import type { LatencyHistogram } from '../latency/frozen-threshold.ts';

/** Running counts of a histogram. */
export interface Cumulative {
  readonly count: number;
  /** Values in buckets up to and including this one; any whole number may be asked. */
  upTo(bucket: number): number;
  /** The highest bucket that holds anything; -1 for none. */
  readonly lastBucket: number;
}

/** Throws `JudgeInputError` (`count_invalid`) for counts that are no whole numbers from 0. */
export function cumulate(histogram: LatencyHistogram, field: string): Cumulative {
  const buckets = Object.keys(histogram)
    .map(Number)
    .sort((one, other) => one - other);
  const lastBucket = buckets.at(-1) ?? -1;
  const running: number[] = [];
  let count = 0;
  for (let bucket = 0; bucket <= lastBucket; bucket += 1) {
    const inBucket = histogram[bucket] ?? 0;
    requireCount(`${field}[${bucket}]`, inBucket);
    count += inBucket;
    running.push(count);
  }
  return {
    count,
    lastBucket,
    upTo: (bucket) => (bucket < 0 ? 0 : (running[Math.min(bucket, lastBucket)] ?? 0)),
  };
}
