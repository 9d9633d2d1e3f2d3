import { describe, expect, test } from 'vitest';
import { logRateRatio, twoSidedLogE } from '../../src/counts/two-sided.ts';
import { dirichletLogE } from '../../src/srm/dirichlet-evidence.ts';
import { numpyMultinomial } from '../support/numpy-multinomial.ts';

const ALPHA = 0.05;

describe('examples of savvi, drawn again from numpy seed 1', () => {
  test('Multinomial: stops at 402 units', () => {
    const shares = [0.1, 0.4, 0.5];
    const prior = shares.map((share) => 100 * share);
    const draw = numpyMultinomial(1, [0.1, 0.3, 0.6]);
    const counts = [0, 0, 0];
    let units = 0;
    let p = 1;
    while (p > ALPHA) {
      draw().forEach((hit, arm) => (counts[arm] = (counts[arm] ?? 0) + hit));
      units += 1;
      p = Math.exp(-dirichletLogE({ counts, shares, prior }));
    }
    expect(units).toBe(402);
    expect(counts).toEqual([40, 129, 233]);
    expect(p).toBeCloseTo(0.04845591105969517, 12);
  });

  test('Poisson: stops at 210 events with 148 and 62', () => {
    const rho = [0.8, 0.2];
    const weights = [0.8 * Math.exp(1.5), 0.2 * Math.exp(2)];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const draw = numpyMultinomial(
      1,
      weights.map((weight) => weight / total),
    );
    const events = { control: 0, treatment: 0 };
    let p = 1;
    let lower = -Infinity;
    while (p > ALPHA) {
      const [control, treatment] = draw();
      events.control += control ?? 0;
      events.treatment += treatment ?? 0;
      const stage = { share: rho[1] ?? 0, ...events };
      p = Math.exp(-twoSidedLogE([stage]));
      lower = Math.max(lower, logRateRatio([stage], { alpha: ALPHA }).lower);
    }
    expect(events).toEqual({ control: 148, treatment: 62 });
    expect(p).toBeCloseTo(0.045579631759249686, 12);
    // savvi's solver gives its limits to about five digits.
    expect(lower).toBeCloseTo(0.00464625, 5);
    const interval = logRateRatio([{ share: 0.2, ...events }], { alpha: ALPHA });
    expect(interval.estimate).toBeCloseTo(0.5162, 4);
    expect(interval.upper).toBeCloseTo(0.9945, 4);
  });
});

describe('stages have their own share', () => {
  const stages = [
    { share: 0.01, treatment: 100, control: 9900 },
    { share: 0.5, treatment: 5000, control: 5000 },
  ];

  test('a ramp without any effect gives no evidence, one share for all of it gives much', () => {
    expect(twoSidedLogE(stages)).toBeLessThan(0);
    expect(twoSidedLogE([{ share: 0.255, treatment: 5100, control: 14900 }])).toBeLessThan(3);
    const pooled = { share: 0.5, treatment: 5100, control: 14900 };
    expect(twoSidedLogE([pooled])).toBeGreaterThan(1000);
  });

  test('the interval is around the ratio of the rates', () => {
    const doubled = [
      { share: 0.01, treatment: 200, control: 9900 },
      { share: 0.5, treatment: 10000, control: 5000 },
    ];
    const interval = logRateRatio(doubled, { alpha: 0.01 });
    expect(interval.estimate).toBeCloseTo(Math.log(2), 6);
    expect(interval.lower).toBeLessThan(Math.log(2));
    expect(interval.lower).toBeGreaterThan(Math.log(1.8));
    expect(interval.upper).toBeLessThan(Math.log(2.25));
  });

  test('the interval excludes no difference exactly when the evidence reaches the limit', () => {
    for (let treatment = 100; treatment < 220; treatment += 1) {
      const stage = [{ share: 0.2, treatment, control: 500 }];
      const refuted = twoSidedLogE(stage) >= Math.log(20);
      expect(logRateRatio(stage, { alpha: 0.05 }).lower > 0).toBe(refuted);
    }
  });

  test('without events everything is possible', () => {
    const none = logRateRatio([{ share: 0.2, treatment: 0, control: 0 }], { alpha: 0.05 });
    expect(none).toEqual({ estimate: null, lower: -Infinity, upper: Infinity });
  });
});
