import type { LatencyScale } from '../../src/latency/frozen-threshold.ts';

/** Edges at 1, 1.02, 1.02^2, ... ms: the shape of the scale that telemetry uses. */
export const TWO_PERCENT_SCALE: LatencyScale = {
  bucketOf: (latencyMs) => {
    if (!(latencyMs >= 1)) return 0;
    let bucket = Math.floor(Math.log(latencyMs) / Math.log(1.02)) + 1;
    while (latencyMs < edge(bucket - 1)) bucket -= 1;
    while (latencyMs >= edge(bucket)) bucket += 1;
    return bucket;
  },
  upperEdgeMs: edge,
};

function edge(bucket: number): number {
  return 1.02 ** bucket;
}

/** Adds a value to a histogram. */
export function addLatency(histogram: Record<number, number>, latencyMs: number): void {
  const bucket = TWO_PERCENT_SCALE.bucketOf(latencyMs);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}
