import { describe, expect, test } from 'vitest';
import { rateInterval } from '../../src/uniform/rate-interval.ts';
import { seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

const ALPHA = 0.05;

describe('a rate and its confidence sequence', () => {
  test('700 of 1,000, sharpest at 100 (confseq, BernoulliConfidenceIntervalTest)', () => {
    const interval = rateInterval({ units: 1000, bad: 700 }, { alpha: ALPHA, sharpestAt: 100 });
    // Its last printed digit is cut, not rounded.
    expect(Math.abs(interval.lower - 0.651629)).toBeLessThan(1e-6);
    expect(Math.abs(interval.upper - 0.745949)).toBeLessThan(1e-6);
    expect(interval.estimate).toBe(0.7);
  });

  test.each([
    [50, 15, 0.129556, 0.511896],
    [50, 5, 0.013021, 0.269264],
    [50, 1, 0, 0.13489],
    [2, 1, 0, 1],
    [1, 0, 0, 1],
    [1, 1, 0, 1],
  ])('of %d units %d', (units, bad, lower, upper) => {
    const interval = rateInterval({ units, bad }, { alpha: ALPHA, sharpestAt: 50 });
    expect(interval.lower).toBeCloseTo(lower, 5);
    expect(interval.upper).toBeCloseTo(upper, 5);
  });

  test('nothing is known without units, and more bad than units are refused', () => {
    const options = { alpha: ALPHA, sharpestAt: 50 };
    expect(rateInterval({ units: 0, bad: 0 }, options)).toEqual({
      estimate: null,
      lower: 0,
      upper: 1,
    });
    expect(() => rateInterval({ units: 1, bad: 2 }, options)).toThrow(
      expect.objectContaining({ code: 'more_bad_than_units' }),
    );
  });

  test(
    'holds the truth at every look',
    () => {
      const runs = runsOf(60);
      const missed = countRuns(runs, (seed) => {
        const random = seeded(seed);
        let [units, bad] = [0, 0];
        for (let look = 0; look < 60; look += 1) {
          units += 40;
          bad += random.binomial(40, 0.03);
          const { lower, upper } = rateInterval({ units, bad }, { alpha: ALPHA, sharpestAt: 500 });
          if (lower > 0.03 || upper < 0.03) return true;
        }
        return false;
      });
      expectAtMostAlpha(missed, runs, ALPHA);
    },
    SIMULATION_TIMEOUT_MS,
  );
});
