import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bucketContrast,
  bucketEstimate,
  UNIT_BUCKETS,
} from '../../src/continuous/bucket-jackknife.ts';
import { type ArmMoments, contrastOf } from '../../src/continuous/contrast.ts';
import { cupedContrast, type PairedMoments } from '../../src/continuous/cuped.ts';
import { rhoFor } from '../../src/continuous/information-time.ts';
import { differenceInterval, ratioInterval } from '../../src/continuous/interval.ts';
import type { MeanMargin } from '../../src/continuous/margin.ts';
import {
  absorbMeanBatch,
  assessMeans,
  createMeanProcess,
  type MeanBatch,
} from '../../src/continuous/process.ts';

const NO_MARGIN: MeanMargin = { relative: 0, absolute: 0, worse: 'higher' };
const count = fc.integer({ min: 200, max: 5000 });
const mean = fc.double({ min: 10, max: 200, noNaN: true });
const spread = fc.double({ min: 1, max: 1e5, noNaN: true });
const moments = fc.record({ count, mean, squaredDeviations: spread });
const batch = fc.record({
  stratum: fc.constantFrom('0|day', '0|night', '1|day'),
  treatment: moments,
  control: moments,
});

function judge(
  batches: readonly MeanBatch[],
  margin = NO_MARGIN,
  claim: 'harm' | 'nonInferiority' = 'harm',
) {
  const process = createMeanProcess();
  for (const each of batches) absorbMeanBatch(process, each);
  return assessMeans(process, { claim, rho: rhoFor(2, 0.05), alpha: 0.05, margin });
}

describe('evidence on a mean', () => {
  test('scaling the unit of the metric changes nothing', () => {
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 5 }), (batches) => {
        const scaled = batches.map((each) => ({
          stratum: each.stratum,
          treatment: inMicroseconds(each.treatment),
          control: inMicroseconds(each.control),
        }));
        const process = createMeanProcess();
        for (const each of scaled) absorbMeanBatch(process, each);
        const margin: MeanMargin = { relative: 0.05, absolute: 3000, worse: 'higher' };
        const inMicros = assessMeans(process, {
          claim: 'harm',
          rho: rhoFor(2000, 0.05),
          alpha: 0.05,
          margin,
        });
        const inMillis = judge(batches, { ...margin, absolute: 3 });
        const apart = Math.abs(inMicros.logE - inMillis.logE);
        expect(apart).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(inMillis.logE)));
      }),
    );
    function inMicroseconds(arm: MeanBatch['treatment']): MeanBatch['treatment'] {
      return {
        count: arm.count,
        mean: arm.mean * 1000,
        squaredDeviations: arm.squaredDeviations * 1e6,
      };
    }
  });

  test('a wider margin never gives more evidence of harm', () => {
    fc.assert(
      fc.property(batch, fc.double({ min: 0, max: 50, noNaN: true }), (each, absolute) => {
        const wide = judge([each], { ...NO_MARGIN, absolute });
        expect(wide.logE).toBeLessThanOrEqual(judge([each]).logE + 1e-9);
      }),
    );
  });

  test('harm of a metric that must not rise is harm of its mirror image that must not fall', () => {
    fc.assert(
      fc.property(batch, (each) => {
        const mirror = { ...each, treatment: flip(each.treatment), control: flip(each.control) };
        expect(judge([mirror], { ...NO_MARGIN, worse: 'lower' }).logE).toBe(judge([each]).logE);
      }),
    );
    function flip(arm: MeanBatch['treatment']): MeanBatch['treatment'] {
      return { ...arm, mean: -arm.mean };
    }
  });

  test('splitting a batch changes nothing', () => {
    const treatment = { count: 400, mean: 104, squaredDeviations: 4e6 };
    const control = { count: 40000, mean: 100, squaredDeviations: 4e8 };
    const half = {
      treatment: { count: 200, mean: 104, squaredDeviations: 2e6 },
      control: { count: 20000, mean: 100, squaredDeviations: 2e8 },
    };
    const whole = judge([{ stratum: 'a', treatment, control }]);
    const halves = judge([
      { stratum: 'a', ...half },
      { stratum: 'a', ...half },
    ]);
    expect(halves.logE).toBeCloseTo(whole.logE, 12);
  });

  test('strata of different levels are not pooled (Simpson)', () => {
    // Treatment is 2 slower at every time, but most of its units come at the fast time.
    const at = (n: number, level: number) => ({
      count: n,
      mean: level,
      squaredDeviations: n * 100,
    });
    const result = judge([
      { stratum: 'slow', treatment: at(1000, 202), control: at(99000, 200) },
      { stratum: 'fast', treatment: at(50000, 102), control: at(50000, 100) },
    ]);
    expect(result.refuted).toBe(true);
    expect(result.beyondMargin).toBeCloseTo(2, 9);
  });

  test('a stratum counts from 200 units per arm on, and is named before', () => {
    const arm = (n: number) => ({ count: n, mean: 1, squaredDeviations: n });
    const result = judge([{ stratum: 'a', treatment: arm(199), control: arm(9000) }]);
    expect(result).toMatchObject({ logE: 0, beyondMargin: null, strata: 0 });
    expect(result.skipped).toEqual([{ stratum: 'a', because: 'too_few_units' }]);
    const later = judge([{ stratum: 'a', treatment: arm(200), control: arm(9000) }]);
    expect(later.skipped).toEqual([]);
  });

  test('without any spread nothing is claimed', () => {
    const flat = (level: number) => ({ count: 500, mean: level, squaredDeviations: 0 });
    const result = judge([{ stratum: 'a', treatment: flat(2), control: flat(1) }]);
    expect(result.skipped).toEqual([{ stratum: 'a', because: 'no_spread' }]);
    expect(result.refuted).toBe(false);
  });

  test('state goes through JSON bit for bit', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), batch, (batches, last) => {
        const process = createMeanProcess();
        for (const each of batches) absorbMeanBatch(process, each);
        const copy = structuredClone(JSON.parse(JSON.stringify(process)) as typeof process);
        absorbMeanBatch(process, last);
        absorbMeanBatch(copy, last);
        expect(copy).toEqual(process);
      }),
    );
  });

  test('a missing arm is no evidence for going up', () => {
    const treatment = { count: 5000, mean: 1, squaredDeviations: 5000 };
    const none = { count: 0, mean: 0, squaredDeviations: 0 };
    const margin: MeanMargin = { ...NO_MARGIN, absolute: 100 };
    const result = judge([{ stratum: 'a', treatment, control: none }], margin, 'nonInferiority');
    expect(result.logE).toBe(0);
  });
});

describe('intervals for display', () => {
  const strata: ArmMoments[] = [
    {
      treatment: { count: 5000, mean: 110, squaredDeviations: 5000 * 900 },
      control: { count: 45000, mean: 100, squaredDeviations: 45000 * 900 },
    },
  ];

  test('contain the estimate, and shrink with more units', () => {
    const options = { alpha: 0.05, sharpestAt: 1 };
    const narrow = differenceInterval(strata, options);
    const wide = differenceInterval(
      strata.map(({ treatment, control }) => ({
        treatment: {
          ...treatment,
          count: 500,
          squaredDeviations: treatment.squaredDeviations / 10,
        },
        control,
      })),
      options,
    );
    expect(narrow?.estimate).toBeCloseTo(10, 12);
    expect(narrow && narrow.upper - narrow.lower).toBeLessThan(wide ? wide.upper - wide.lower : 0);
    const ratio = ratioInterval(strata, options);
    expect(ratio?.estimate).toBeCloseTo(1.1, 12);
    expect(ratio?.lower).toBeGreaterThan(1);
    expect(ratio?.lower).toBeLessThan(1.1);
    expect(ratio?.upper).toBeGreaterThan(1.1);
  });

  test('there is none before there are units', () => {
    expect(differenceInterval([], { alpha: 0.05, sharpestAt: 1 })).toBeNull();
    expect(ratioInterval([], { alpha: 0.05, sharpestAt: 1 })).toBeNull();
  });
});

describe('adjusting by the value before', () => {
  test('without any relation to it, it is the plain contrast', () => {
    fc.assert(
      fc.property(
        moments,
        moments,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (t, c, relative) => {
          const margin: MeanMargin = { relative, absolute: 1, worse: 'higher' };
          const paired = (arm: typeof t): PairedMoments => ({
            ...arm,
            meanBefore: 5,
            squaredDeviationsBefore: arm.count,
            products: 0,
          });
          const adjusted = cupedContrast({ treatment: paired(t), control: paired(c) }, margin);
          const plain = contrastOf({ treatment: t, control: c }, margin);
          expect(adjusted).toMatchObject({ ...plain, theta: 0 });
        },
      ),
    );
  });

  test('an outcome that the value before explains fully leaves no difference and no variance', () => {
    const arm = (n: number, before: number): PairedMoments => ({
      count: n,
      mean: 3 * before,
      meanBefore: before,
      squaredDeviations: 9 * n,
      squaredDeviationsBefore: n,
      products: 3 * n,
    });
    const contrast = cupedContrast({ treatment: arm(500, 7.2), control: arm(900, 7) }, NO_MARGIN);
    expect(contrast).toEqual({ skipped: 'no_spread' });
  });
});

describe('buckets of units', () => {
  test('units of equal size: the jackknife is the variance of a mean', () => {
    const sums = Array.from({ length: UNIT_BUCKETS }, (_, i) => ({ count: 10, sum: 10 * (i % 8) }));
    const perBucket = sums.map(({ sum }) => sum / 10);
    const average = perBucket.reduce((a, b) => a + b, 0) / UNIT_BUCKETS;
    const variance =
      perBucket.reduce((a, b) => a + (b - average) ** 2, 0) / (UNIT_BUCKETS - 1) / UNIT_BUCKETS;
    const estimate = bucketEstimate(sums);
    expect(estimate.mean).toBeCloseTo(average, 12);
    expect(estimate.variance).toBeCloseTo(variance, 12);
  });

  test('results say that they are approximate, and half the buckets must hold requests', () => {
    const full = Array.from({ length: UNIT_BUCKETS }, (_, i) => ({ count: 10, sum: i }));
    const sparse = full.map((bucket, i) => (i < 31 ? bucket : { count: 0, sum: 0 }));
    expect(bucketContrast({ treatment: full, control: full }, NO_MARGIN)).toMatchObject({
      difference: 0,
      approximate: true,
    });
    expect(bucketContrast({ treatment: sparse, control: full }, NO_MARGIN)).toEqual({
      skipped: 'too_few_units',
    });
  });
});
