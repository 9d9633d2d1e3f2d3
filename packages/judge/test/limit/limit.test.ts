import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineLimit, rateUpperBound } from '../../src/limit/baseline-limit.ts';
import {
  absorbAgainstLimit,
  createLimitProcess,
  limitLogE,
  openStart,
} from '../../src/limit/limit-process.ts';
import { logLimitFactor } from '../../src/limit/log-limit-factor.ts';
import { seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

const ALPHA = 0.05;

describe('a batch against a limit', () => {
  test('has expectation of at most 1 up to the limit, by enumeration', () => {
    for (const units of [1, 3, 12]) {
      for (const rate of [0, 0.01, 0.1, 0.4]) {
        for (const multiplier of [1.03, 2, 10]) {
          let expectation = 0;
          let choose = 1;
          for (let bad = 0; bad <= units; bad += 1) {
            const chance = choose * rate ** bad * (1 - rate) ** (units - bad);
            expectation +=
              chance * Math.exp(logLimitFactor({ units, bad, limit: rate || 0.01 }, multiplier));
            choose = (choose * (units - bad)) / (bad + 1);
          }
          expect(expectation).toBeLessThanOrEqual(1 + 1e-12);
        }
      }
    }
  });

  test('splitting a batch changes nothing', () => {
    const count = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(count, count, (one, other) => {
        const whole = createLimitProcess();
        absorbAgainstLimit(whole, { units: 1000 + one + other, bad: one + other, limit: 0.1 });
        const parts = createLimitProcess();
        absorbAgainstLimit(parts, { units: 1000 + one, bad: one, limit: 0.1 });
        absorbAgainstLimit(parts, { units: other, bad: other, limit: 0.1 });
        expect(limitLogE(parts)).toBeCloseTo(limitLogE(whole), 9);
      }),
    );
  });

  test('impossible batches are refused and change nothing', () => {
    const process = createLimitProcess();
    const refuse = (units: number, bad: number, limit: number) => () => {
      absorbAgainstLimit(process, { units, bad, limit });
    };
    expect(refuse(1, 2, 0.1)).toThrow(expect.objectContaining({ code: 'more_bad_than_units' }));
    expect(refuse(1, 1, 0)).toThrow(expect.objectContaining({ code: 'limit_is_zero' }));
    expect(process).toEqual(createLimitProcess());
  });
});

describe('a process against a limit', () => {
  test('without evidence is e = 1, however many starts are open', () => {
    const process = createLimitProcess();
    for (let start = 0; start < 20; start += 1) {
      expect(limitLogE(process)).toBeCloseTo(0, 12);
      openStart(process);
    }
  });

  test('a late worsening is found sooner with a start near it', () => {
    const [one, many] = [createLimitProcess(), createLimitProcess()];
    for (let batch = 0; batch < 300; batch += 1) {
      if (batch > 0 && batch % 60 === 0) openStart(many);
      const counts = { units: 1000, bad: batch < 240 ? 5 : 15, limit: 0.01 };
      absorbAgainstLimit(one, counts);
      absorbAgainstLimit(many, counts);
    }
    expect(limitLogE(many)).toBeGreaterThan(limitLogE(one) + 20);
  });

  test(
    'a rate at its limit, which changes over the day, raises no more false alarms than alpha',
    () => {
      const runs = runsOf(150);
      const alarms = countRuns(runs, (seed) => {
        const random = seeded(seed);
        const process = createLimitProcess();
        for (let batch = 0; batch < 400; batch += 1) {
          if (batch % 60 === 59) openStart(process);
          const limit = 0.01 * (1 + 0.5 * Math.sin(batch / 50));
          absorbAgainstLimit(process, { units: 800, bad: random.binomial(800, limit), limit });
          if (limitLogE(process) >= -Math.log(ALPHA)) return true;
        }
        return false;
      });
      expectAtMostAlpha(alarms, runs, ALPHA);
    },
    SIMULATION_TIMEOUT_MS,
  );
});

describe('what a baseline allows', () => {
  test('no bad outcome: the bound is 1 - (1 - confidence)^(1 / n)', () => {
    expect(rateUpperBound({ units: 300, bad: 0 }, 0.95)).toBeCloseTo(1 - 0.05 ** (1 / 300), 12);
  });

  test('so few are seen with probability 1 - confidence at the bound', () => {
    const upper = rateUpperBound({ units: 20, bad: 2 }, 0.99);
    const q = 1 - upper;
    const atMostTwo = q ** 20 + 20 * upper * q ** 19 + 190 * upper ** 2 * q ** 18;
    expect(atMostTwo).toBeCloseTo(0.01, 12);
  });

  test('the margin comes on top, and no rate is above 1', () => {
    const upper = rateUpperBound({ units: 10_000, bad: 100 }, 0.99);
    expect(baselineLimit({ units: 10_000, bad: 100 }, { ratio: 1.05, excess: 0.001 })).toBeCloseTo(
      1.05 * upper + 0.001,
      12,
    );
    expect(baselineLimit({ units: 2, bad: 2 }, { ratio: 1.05, excess: 0 })).toBe(1);
  });

  test('an empty baseline is refused', () => {
    expect(() => baselineLimit({ units: 0, bad: 0 }, { ratio: 1, excess: 0 })).toThrow(
      expect.objectContaining({ code: 'baseline_empty' }),
    );
  });
});
