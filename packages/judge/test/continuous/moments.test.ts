import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mergeMoments,
  momentsOfRate,
  type Moments,
  NO_MOMENTS,
  sampleVariance,
} from '../../src/continuous/moments.ts';
import { addValue, createSums, momentsOf } from '../../src/continuous/shifted-sums.ts';

function sumUp(values: readonly number[], shift = 0, ceiling?: number): Moments {
  const sums = createSums(shift);
  for (const value of values) addValue(sums, value, ceiling);
  return momentsOf(sums);
}

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 30 });

function expectAlike(actual: Moments, expected: Moments): void {
  expect(actual.count).toBe(expected.count);
  expect(actual.mean).toBeCloseTo(expected.mean, 8);
  expect(actual.squaredDeviations).toBeCloseTo(expected.squaredDeviations, 4);
}

describe('moments', () => {
  test('of a few values by hand', () => {
    const moments = sumUp([2, 4, 9]);
    expect(moments.mean).toBe(5);
    expect(sampleVariance(moments)).toBeCloseTo(13, 12);
  });

  test('merging parts gives the moments of the whole, in any grouping', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const whole = sumUp([...a, ...b, ...c]);
        expectAlike(mergeMoments(mergeMoments(sumUp(a), sumUp(b)), sumUp(c)), whole);
        expectAlike(mergeMoments(sumUp(a), mergeMoments(sumUp(b), sumUp(c))), whole);
      }),
    );
  });

  test('the shift changes nothing but the digits', () => {
    fc.assert(
      fc.property(values, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (a, shift) => {
        expectAlike(sumUp(a, shift), sumUp(a));
      }),
    );
  });

  test('merging no values is a no-op, to the bit', () => {
    const some = sumUp([1.1, 2.7]);
    expect(mergeMoments(some, NO_MOMENTS)).toEqual(some);
    expect(mergeMoments(NO_MOMENTS, some)).toEqual(some);
  });

  test('a spread of 1 at a level of a billion survives', () => {
    const level = 1e9;
    const moments = sumUp([level - 1, level, level + 1], level);
    expect(sampleVariance(moments)).toBe(1);
    const merged = mergeMoments(moments, sumUp([level - 1, level + 1], level));
    expect(merged.squaredDeviations).toBeCloseTo(4, 9);
  });

  test('of outcomes of 0 and 1', () => {
    expectAlike(momentsOfRate({ units: 5, bad: 2 }), sumUp([0, 1, 0, 0, 1]));
    expect(momentsOfRate({ units: 0, bad: 0 })).toEqual(NO_MOMENTS);
    expect(() => momentsOfRate({ units: 1, bad: 2 })).toThrow(
      expect.objectContaining({ code: 'more_bad_than_units' }),
    );
  });

  test('values above the ceiling count as the ceiling', () => {
    expect(sumUp([1, 2, 1e9], 0, 30)).toEqual(sumUp([1, 2, 30]));
  });

  test('a value that is no number is refused and changes nothing', () => {
    const sums = createSums(0);
    addValue(sums, 3);
    expect(() => addValue(sums, Number.NaN)).toThrow(
      expect.objectContaining({ code: 'number_not_finite', field: 'value' }),
    );
    expect(momentsOf(sums)).toEqual(sumUp([3]));
  });
});
