import { describe, expect, it } from 'vitest';
import { frozenThreshold, type LatencyHistogram, type LatencyScale } from '../../src/index.ts';

/** Buckets end at 10, 20, 30, ... ms; the last, from 100 ms, has no end. */
const SCALE: LatencyScale = {
  bucketOf: (latencyMs) => Math.min(10, Math.floor(latencyMs / 10)),
  upperEdgeMs: (bucket) => (bucket >= 10 ? Infinity : (bucket + 1) * 10),
};

describe('frozen threshold', () => {
  it('is the quantile of the baseline times the margin, rounded up to an edge', () => {
    const baseline: LatencyHistogram = { 1: 900, 2: 85, 3: 10, 5: 4, 8: 1 };
    // p99 lies half-way between 30 and 40 ms: 35 x 1.2 = 42 ms, so tau is 50 ms.
    expect(frozenThreshold(baseline, { quantile: 0.99, relativeMargin: 0.2 }, SCALE)).toEqual({
      bucket: 4,
      thresholdMs: 50,
      baselineShareAbove: 0.005,
      quantileUsed: 0.99,
      excess: expect.closeTo(0.005, 12) as number,
    });
  });

  it('ends on the edge itself where the margin leads there exactly', () => {
    const baseline = { 1: 990, 7: 10 };
    const found = frozenThreshold(baseline, { quantile: 0.95, relativeMargin: 0.5 }, SCALE);
    expect(found.thresholdMs).toBe(30);
  });

  it('takes a higher quantile, and says so, when more than 5 % would be above', () => {
    const baseline = { 0: 700, 1: 200, 3: 60, 6: 40 };
    const found = frozenThreshold(baseline, { quantile: 0.7, relativeMargin: 0.1 }, SCALE);
    expect(found).toMatchObject({ quantileUsed: 0.95, thresholdMs: 50, baselineShareAbove: 0.04 });
    expect(found.excess).toBeCloseTo(0.01, 12);
  });

  it('stays where something can exceed it', () => {
    const found = frozenThreshold({ 10: 100 }, { quantile: 0.99, relativeMargin: 0.1 }, SCALE);
    expect(found.thresholdMs).toBe(100);
    expect(found.bucket).toBe(9);
  });

  it('never tolerates more than the quantile leaves, and does not depend on the total', () => {
    const baseline = { 1: 180, 2: 15, 4: 4, 9: 1 };
    const tenfold = { 1: 1800, 2: 150, 4: 40, 9: 10 };
    for (const quantile of [0.9, 0.95, 0.99]) {
      const guardrail = { quantile, relativeMargin: 0.2 };
      const found = frozenThreshold(baseline, guardrail, SCALE);
      expect(found.excess).toBeGreaterThanOrEqual(0);
      expect(found.excess).toBeLessThanOrEqual(1 - found.quantileUsed + 1e-12);
      expect(frozenThreshold(tenfold, guardrail, SCALE)).toEqual(found);
    }
  });

  it.each([
    [{}, 0.99, 0.1, 'baseline_empty'],
    [{ 1: 0.5 }, 0.99, 0.1, 'count_invalid'],
    [{ 1: 5 }, 1, 0.1, 'quantile_out_of_range'],
    [{ 1: 5 }, 0.99, -0.1, 'number_out_of_range'],
  ])('refuses %j at %d with margin %d', (baseline, quantile, relativeMargin, code) => {
    const call = () => frozenThreshold(baseline, { quantile, relativeMargin }, SCALE);
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
