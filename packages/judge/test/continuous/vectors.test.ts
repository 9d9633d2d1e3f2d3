import { describe, expect, test } from 'vitest';
import { contrastOf, type Contrast } from '../../src/continuous/contrast.ts';
import { cupedContrast, cupedTheta, pairedMomentsOf } from '../../src/continuous/cuped.ts';
import { informationTime, logMeanE, rhoFor } from '../../src/continuous/information-time.ts';
import type { Moments } from '../../src/continuous/moments.ts';
import { asymptoticZ } from '../../src/uniform/asymptotic.ts';

function moments(count: number, mean: number, variance: number): Moments {
  return { count, mean, squaredDeviations: variance * (count - 1) };
}

function contrasts(relative: number): Contrast[] {
  return [
    { treatment: moments(1000, 105, 6400), control: moments(99000, 100, 6400) },
    { treatment: moments(5000, 108, 8100), control: moments(95000, 104, 8100) },
  ].map((arms) => {
    const contrast = contrastOf(arms, { relative, absolute: 0, worse: 'higher' });
    if ('skipped' in contrast) throw new Error(contrast.skipped);
    return contrast;
  });
}

describe('two strata of different split and level', () => {
  const rho = rhoFor(1 / Math.sqrt(0.25), 0.01);

  test('rho for an information of 0.25 at alpha 0.01', () => {
    expect(rho.toFixed(10)).toBe('0.0249961843');
  });

  test('without a margin', () => {
    const total = informationTime(contrasts(0));
    expect(total.score.toFixed(10)).toBe('3.1191165123');
    expect(total.information.toFixed(10)).toBe('0.7411072531');
    expect(logMeanE(total, { claim: 'harm', rho }).toFixed(10)).toBe('5.3312587960');
  });

  test('with a relative margin of 2 %', () => {
    const total = informationTime(contrasts(0.02));
    expect(total.score.toFixed(10)).toBe('1.5875312350');
    expect(total.information.toFixed(10)).toBe('0.7398626047');
    // With 30 digits 0.594830814863.
    expect(logMeanE(total, { claim: 'harm', rho })).toBeCloseTo(0.594830814863, 12);
  });
});

describe('regression-adjusted vector of gbstats (test_sequential_test_runs_ra)', () => {
  const control = pairedMomentsOf({
    count: 3000,
    sum: 1396.87,
    squares: 52377.9767,
    sumBefore: 16.87,
    squaresBefore: 527.9767,
    products: 1,
  });
  const treatment = pairedMomentsOf({
    count: 3461,
    sum: 2422.7,
    squares: 134698.29,
    sumBefore: 22.7,
    squaresBefore: 1348.29,
    products: 1,
  });
  const theta = cupedTheta(treatment, control);

  test('adjusted uplift and its interval', () => {
    const apart =
      treatment.mean - control.mean - theta * (treatment.meanBefore - control.meanBefore);
    const uplift = apart / control.mean;
    expect(uplift).toBeCloseTo(0.50338, 5);
    const error = Math.sqrt(
      adjustedVariance(treatment) / (control.mean ** 2 * treatment.count) +
        (adjustedVariance(control) * treatment.mean ** 2) / (control.mean ** 4 * control.count),
    );
    expect(error).toBeCloseTo(0.33341, 5);
    const setting = { count: 6461, tunedFor: 5000, alpha: 0.05, sides: 'two' } as const;
    expect(uplift - asymptoticZ(setting) * error).toBeCloseTo(-0.50969, 5);
    expect(uplift + asymptoticZ(setting) * error).toBeCloseTo(1.51646, 5);
  });

  test('without a margin the contrast is the adjusted difference', () => {
    const contrast = cupedContrast(
      { treatment, control },
      { relative: 0, absolute: 0, worse: 'higher' },
    );
    if ('skipped' in contrast) throw new Error(contrast.skipped);
    expect(contrast.theta).toBe(theta);
    expect(contrast.difference).toBeCloseTo(0.50338 * control.mean, 5);
    const larger = Math.max(adjustedVariance(treatment), adjustedVariance(control));
    expect(contrast.variance).toBeCloseTo(larger * (1 / 3461 + 1 / 3000), 12);
  });

  function adjustedVariance(arm: ReturnType<typeof pairedMomentsOf>): number {
    const deviations =
      arm.squaredDeviations - 2 * theta * arm.products + theta ** 2 * arm.squaredDeviationsBefore;
    return deviations / (arm.count - 1);
  }
});
