import { describe, expect, test } from 'vitest';
import { asymptoticZ, logAsymptoticE } from '../../src/uniform/asymptotic.ts';
import { bisect } from '../../src/special/bisect.ts';

describe('what replaces 1.96, tuned for 5,000 values at alpha 0.05', () => {
  test.each([
    [500, 3.855, 3.679],
    [1_000, 3.364, 3.152],
    [5_000, 3.035, 2.779],
    [10_000, 3.061, 2.801],
    [100_000, 3.337, 3.09],
    [1_000_000, 3.657, 3.43],
    [10_000_000, 3.958, 3.749],
  ])('after %d values', (count, two, one) => {
    const at = { count, tunedFor: 5_000, alpha: 0.05 };
    expect(asymptoticZ({ ...at, sides: 'two' })).toBeCloseTo(two, 3);
    expect(asymptoticZ({ ...at, sides: 'one' })).toBeCloseTo(one, 3);
  });

  test('the interval excludes 0 exactly when the e-value reaches 1 / alpha', () => {
    const setting = { count: 800, tunedFor: 5_000, alpha: 0.05, sides: 'two' } as const;
    expect(logAsymptoticE(asymptoticZ(setting), setting)).toBeCloseTo(Math.log(20), 12);
  });

  test('a one-sided interval needs an alpha below one half', () => {
    const setting = { count: 10, tunedFor: 10, alpha: 0.5, sides: 'one' } as const;
    expect(() => asymptoticZ(setting)).toThrow(
      expect.objectContaining({ code: 'alpha_out_of_range', field: 'alpha' }),
    );
  });
});

describe('sequential vectors of gbstats (packages/stats/tests/frequentist/test_tests.py)', () => {
  const a = arm(3000, 1396.87, 52377.9767);
  const b = arm(3461, 2422.7, 134698.29);
  const count = a.n + b.n;
  const difference = b.mean - a.mean;
  const absolute = Math.sqrt(a.variance / a.n + b.variance / b.n);
  const relative = relativeError(a, b);

  test('difference and standard error', () => {
    expect(difference).toBeCloseTo(0.23437666666666668, 14);
    expect(absolute).toBeCloseTo(0.12983081254184736, 14);
    expect(relative.uplift).toBeCloseTo(0.5033610858562358, 13);
    expect(relative.error).toBeCloseTo(0.3334122146400735, 13);
  });

  test('one-sided, absolute and relative', () => {
    const z = asymptoticZ({ count, tunedFor: 5000, alpha: 0.05, sides: 'one' });
    expect(difference + z * absolute).toBeCloseTo(0.5953217750613832, 12);
    expect(difference - z * absolute).toBeCloseTo(-0.12656844172804982, 12);
    expect(relative.uplift + z * relative.error).toBeCloseTo(1.4302867177403806, 12);
    expect(relative.uplift - z * relative.error).toBeCloseTo(-0.42356454602790883, 12);
  });

  test('one-sided p-value: the level at which the interval ends at 0, rho as tuned for 0.05', () => {
    const lowerLimit = (alpha: number) => difference - halfWidthTunedAt5Percent(alpha) * absolute;
    // gbstats halves [1e-5, 0.4999] until the limit is within 1e-6 of 0, then takes one half more.
    let [low, high, level, limit] = [1e-5, 0.4999, 0, 1];
    while (Math.abs(limit) >= 1e-6) {
      level = 0.5 * (low + high);
      limit = lowerLimit(level);
      if (limit < 0) low = level;
      else high = level;
    }
    expect(0.5 * (low + high)).toBeCloseTo(0.46316491943359384, 14);
    expect(bisect(lowerLimit, { low: 1e-5, high: 0.4999 })).toBeCloseTo(0.463047, 6);
  });

  test('two-sided, relative, tuned for 1,000', () => {
    const z = asymptoticZ({ count, tunedFor: 1000, alpha: 0.05, sides: 'two' });
    expect(relative.uplift - z * relative.error).toBeCloseTo(-0.55844, 5);
    expect(relative.uplift + z * relative.error).toBeCloseTo(1.56516, 5);
  });

  test('two-sided, relative, of proportions', () => {
    const control = proportion(3000, 1396);
    const treatment = proportion(3461, 2422);
    const { uplift, error } = relativeError(control, treatment);
    const z = asymptoticZ({ count, tunedFor: 5000, alpha: 0.05, sides: 'two' });
    expect(uplift - z * error).toBeCloseTo(0.40098, 5);
    expect(uplift + z * error).toBeCloseTo(0.60675, 5);
  });

  function halfWidthTunedAt5Percent(alpha: number): number {
    const log = -2 * Math.log(2 * 0.05);
    const scaled = (count * (log + Math.log1p(log))) / 5000;
    const grown = scaled + 1;
    return Math.sqrt(((2 * grown) / scaled) * Math.log1p(Math.sqrt(grown) / (2 * alpha)));
  }

  function arm(n: number, sum: number, squares: number) {
    return { n, mean: sum / n, variance: (squares - (sum * sum) / n) / (n - 1) };
  }

  function proportion(n: number, sum: number) {
    return { n, mean: sum / n, variance: (sum / n) * (1 - sum / n) };
  }

  /** The delta method of gbstats for (b - a) / a. */
  function relativeError(control: ReturnType<typeof arm>, treatment: ReturnType<typeof arm>) {
    const variance =
      treatment.variance / (control.mean ** 2 * treatment.n) +
      (control.variance * treatment.mean ** 2) / (control.mean ** 4 * control.n);
    return { uplift: treatment.mean / control.mean - 1, error: Math.sqrt(variance) };
  }
});
