import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareQuantiles, type QuantileComparison } from '../../src/quantile/compare-quantiles.ts';
import { distributionBand } from '../../src/quantile/distribution-band.ts';
import { quantileInterval } from '../../src/quantile/quantile-interval.ts';
import { addLatency, TWO_PERCENT_SCALE } from '../support/latency-scale.ts';
import { normal } from '../support/normal.ts';
import { type Random, seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

const ALPHA = 0.05;
type Histogram = Record<number, number>;

function compare(
  arms: { treatment: Histogram; control: Histogram },
  more: Partial<QuantileComparison> = {},
) {
  return compareQuantiles({
    ...arms,
    scale: TWO_PERCENT_SCALE,
    quantile: 0.95,
    relativeMargin: 0,
    claim: 'harm',
    alpha: ALPHA,
    sharpestAt: 2000,
    ...more,
  });
}

function lognormal(random: Random, count: number, times = 1): Histogram {
  const histogram: Histogram = {};
  for (let i = 0; i < count; i += 1)
    addLatency(histogram, times * 100 * Math.exp(0.8 * normal(random)));
  return histogram;
}

const histogram = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 30 })), {
    maxLength: 8,
  })
  .map((pairs): Histogram => Object.fromEntries(pairs));

describe('comparing a quantile of two arms', () => {
  test('harm and non-inferiority are mirror images without a margin', () => {
    fc.assert(
      fc.property(histogram, histogram, (treatment, control) => {
        const harm = compare({ treatment, control });
        const mirrored = compare(
          { treatment: control, control: treatment },
          { claim: 'nonInferiority' },
        );
        expect(mirrored.logE).toBeCloseTo(harm.logE, 9);
      }),
    );
  });

  test('scaling all latencies by whole buckets changes nothing', () => {
    const shifted = (each: Histogram) =>
      Object.fromEntries(
        Object.entries(each).map(([bucket, count]) => [Number(bucket) + 7, count]),
      );
    fc.assert(
      fc.property(histogram, histogram, (treatment, control) => {
        const before = compare({ treatment, control }, { relativeMargin: 0.1 });
        const after = compare(
          { treatment: shifted(treatment), control: shifted(control) },
          { relativeMargin: 0.1 },
        );
        expect(after.logE).toBeCloseTo(before.logE, 9);
      }),
    );
  });

  test('a wider margin never gives more evidence of harm', () => {
    fc.assert(
      fc.property(histogram, histogram, (treatment, control) => {
        let last = Infinity;
        for (const relativeMargin of [0, 0.02, 0.05, 0.3]) {
          const { logE } = compare({ treatment, control }, { relativeMargin });
          expect(logE).toBeLessThanOrEqual(last + 1e-9);
          last = logE;
        }
      }),
    );
  });

  test('a margin of whole buckets costs no more than one bucket', () => {
    const control = lognormal(seeded(1), 4000);
    const treatment = lognormal(seeded(2), 4000, 1.02 ** 10);
    const margin = compare({ treatment, control }, { relativeMargin: 1.02 ** 4 - 1 });
    const moved = compare({ treatment: lognormal(seeded(2), 4000, 1.02 ** 6), control });
    expect(margin.logE).toBeCloseTo(moved.logE, 6);
  });

  test('an arm without values is no evidence', () => {
    const arm = { 5: 1000 };
    expect(compare({ treatment: arm, control: {} })).toMatchObject({
      logE: 0,
      p: 1,
      refuted: false,
    });
    expect(compare({ treatment: {}, control: arm }, { claim: 'nonInferiority' }).logE).toBe(0);
  });

  test('counts that are no whole numbers are refused', () => {
    expect(() => compare({ treatment: { 3: 1.5 }, control: {} })).toThrow(
      expect.objectContaining({ code: 'count_invalid', field: 'treatment[3]' }),
    );
  });

  test.each([
    ['harm', 1, 0],
    ['nonInferiority', 1.0824, 0.0824],
  ] as const)(
    '%s with truth at its null: false alarms stay below alpha at every look',
    (claim, truth, relativeMargin) => {
      const runs = runsOf(40);
      const alarms = countRuns(runs, (seed) => {
        const random = seeded(100 + seed);
        const arms: { treatment: Histogram; control: Histogram } = { treatment: {}, control: {} };
        for (let look = 0; look < 30; look += 1) {
          merge(arms.treatment, lognormal(random, 20, truth));
          merge(arms.control, lognormal(random, 180));
          if (compare(arms, { claim, relativeMargin }).refuted) return true;
        }
        return false;
      });
      expectAtMostAlpha(alarms, runs, ALPHA);
    },
    SIMULATION_TIMEOUT_MS,
  );

  test('a p95 that is 30 % slower is found, and one that is the same is shown within 30 %', () => {
    const control = lognormal(seeded(11), 9000);
    expect(compare({ treatment: lognormal(seeded(12), 3000, 1.3), control }).refuted).toBe(true);
    const same = { treatment: lognormal(seeded(12), 3000), control };
    expect(compare(same, { claim: 'nonInferiority', relativeMargin: 0.3 }).refuted).toBe(true);
    expect(compare(same).refuted).toBe(false);
  });

  function merge(into: Histogram, more: Histogram): void {
    for (const [bucket, count] of Object.entries(more)) {
      into[Number(bucket)] = (into[Number(bucket)] ?? 0) + count;
    }
  }
});

describe('a quantile with its confidence sequence', () => {
  const options = { quantile: 0.9, alpha: ALPHA, sharpestAt: 500 };
  const truth = 100 * Math.exp(0.8 * 1.2815515655446004);

  test(
    'holds the truth at every look',
    () => {
      const runs = runsOf(60);
      const missed = countRuns(runs, (seed) => {
        const random = seeded(400 + seed);
        const values: Histogram = {};
        for (let look = 0; look < 40; look += 1) {
          for (let i = 0; i < 25; i += 1) addLatency(values, 100 * Math.exp(0.8 * normal(random)));
          const interval = quantileInterval(values, TWO_PERCENT_SCALE, options);
          if (interval && (interval.lowerMs > truth || interval.upperMs < truth)) return true;
        }
        return false;
      });
      expectAtMostAlpha(missed, runs, ALPHA);
    },
    SIMULATION_TIMEOUT_MS,
  );

  test('narrows with more values', () => {
    const few = quantileInterval(lognormal(seeded(5), 500), TWO_PERCENT_SCALE, options);
    const many = quantileInterval(lognormal(seeded(5), 20000), TWO_PERCENT_SCALE, options);
    expect(many?.estimateMs).toBeGreaterThan(truth * 0.95);
    expect(many?.estimateMs).toBeLessThan(truth * 1.05);
    expect((many?.upperMs ?? 0) / (many?.lowerMs ?? 1)).toBeLessThan(1.15);
    expect(few?.lowerMs).toBeLessThan(many?.lowerMs ?? 0);
    expect(few?.upperMs).toBeGreaterThan(many?.upperMs ?? Infinity);
  });

  test('has no upper end while too few values were seen, and none at all without any', () => {
    expect(quantileInterval({ 10: 5 }, TWO_PERCENT_SCALE, options)?.upperMs).toBe(Infinity);
    expect(quantileInterval({}, TWO_PERCENT_SCALE, options)).toBeNull();
  });
});

test('the band holds the share of every bucket and rises with it', () => {
  const points = distributionBand(lognormal(seeded(8), 5000), TWO_PERCENT_SCALE, {
    alpha: ALPHA,
    leastCount: 500,
  });
  expect(points.at(-1)).toMatchObject({ share: 1, upper: 1 });
  let last = 0;
  for (const { share, lower, upper } of points) {
    expect(share).toBeGreaterThan(last);
    expect(lower).toBeLessThan(share);
    expect(upper).toBeGreaterThanOrEqual(share);
    last = share;
  }
  expect(
    distributionBand({ 3: 400 }, TWO_PERCENT_SCALE, { alpha: ALPHA, leastCount: 500 }),
  ).toEqual([]);
});
