import { LATENCY_BUCKET_COUNT, latencyBucketOf, latencyBucketUpperEdgeMs } from '@downhaul/engine';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const LAST = LATENCY_BUCKET_COUNT - 1;

/** Others compute the same edges: 1, times 1.02 over and over in doubles, and 120,000 at the end. */
test('the edges are 1.02 apart by repeated multiplication, from 1 ms to 120 s', () => {
  let edge = 1;
  for (let bucket = 0; bucket < LAST - 1; bucket++) {
    expect(latencyBucketUpperEdgeMs(bucket)).toBe(edge);
    edge *= 1.02;
  }
  expect(edge).toBeGreaterThanOrEqual(120_000);
  expect(latencyBucketUpperEdgeMs(LAST - 1)).toBe(120_000);
  expect(latencyBucketUpperEdgeMs(LAST)).toBe(Number.POSITIVE_INFINITY);
  expect(LATENCY_BUCKET_COUNT).toBe(593);
});

test('every edge is the start of the next bucket', () => {
  for (let bucket = 0; bucket < LAST; bucket++) {
    const edge = latencyBucketUpperEdgeMs(bucket);
    expect(latencyBucketOf(edge)).toBe(bucket + 1);
    expect(latencyBucketOf(edge * (1 - Number.EPSILON))).toBe(bucket);
  }
});

test('a latency lies within its bucket', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 200_000, noNaN: true }), (latencyMs) => {
      const bucket = latencyBucketOf(latencyMs);
      expect(latencyMs).toBeLessThan(latencyBucketUpperEdgeMs(bucket));
      if (bucket > 0)
        expect(latencyMs).toBeGreaterThanOrEqual(latencyBucketUpperEdgeMs(bucket - 1));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [0, 0],
  [0.999, 0],
  [1, 1],
  [1.0199, 1],
  [1.02, 2],
  [10, 117],
  [100, 233],
  [250, 279],
  [1000, 349],
  [119_999, 591],
  [120_000, 592],
  [1e9, 592],
  [Number.POSITIVE_INFINITY, 592],
  [-5, 0],
  [Number.NaN, 0],
])('%d ms is in bucket %d', (latencyMs, bucket) => {
  expect(latencyBucketOf(latencyMs)).toBe(bucket);
});
