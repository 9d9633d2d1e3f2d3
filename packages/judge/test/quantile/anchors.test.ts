import { describe, expect, test } from 'vitest';
import { compareQuantiles } from '../../src/quantile/compare-quantiles.ts';
import { bandConstant, bandHalfWidth } from '../../src/quantile/distribution-band.ts';
import type { LatencyHistogram, LatencyScale } from '../../src/latency/frozen-threshold.ts';

/** A bucket for every whole number, so that a histogram says as much as the values. */
const WHOLE_NUMBERS: LatencyScale = {
  bucketOf: (value) => Math.floor(value),
  upperEdgeMs: (bucket) => bucket + 1,
};

function thousandFrom(first: number): LatencyHistogram {
  return Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [first + i, 1]));
}

describe('two arms of 1 to 1000 and the same shifted (confseq, QuantileABTest)', () => {
  test.each([
    [0.5, 70, 0.814704],
    [0.5, 85, 0.0838055],
    [0.5, 100, 0.0054947],
    [0.9, 55, 0.0340463],
  ])('the %f-quantile, shifted by %d', (quantile, shift, p) => {
    const compare = (control: number, treatment: number) =>
      compareQuantiles({
        treatment: thousandFrom(treatment),
        control: thousandFrom(control),
        scale: WHOLE_NUMBERS,
        quantile,
        relativeMargin: 0,
        claim: 'difference',
        alpha: 0.05,
        sharpestAt: 100,
      }).p;
    expect(compare(1, 1 + shift)).toBeCloseTo(p, 6);
    expect(compare(1 + shift, 1)).toBeCloseTo(p, 6);
  });
});

describe('the band for all quantiles', () => {
  test('its constant at alpha 0.05', () => {
    expect(bandConstant(0.05)).toBeCloseTo(8.1227, 4);
  });

  test('its width after 1,000 values, from 100 on (confseq, EmpiricalProcessLILTest)', () => {
    const width = bandHalfWidth(1000, { alpha: 0.05, leastCount: 100 });
    expect(width).toBeCloseTo(0.08204769, 5);
    // Solved with 25 digits; the reference was solved to six.
    expect(width).toBeCloseTo(0.082047787709, 11);
  });

  test('there is none before its first value', () => {
    expect(bandHalfWidth(99, { alpha: 0.05, leastCount: 100 })).toBe(Infinity);
  });
});
