import { describe, expect, it } from 'vitest';
import { excessEventsBeforeRollback, harmBound, JudgeInputError } from '../../src/index.ts';

describe('extra bad outcomes before rollback', () => {
  // alpha 0.01, first start 0.5, and the weight of the nearest alternative.
  it.each([
    [1.3, 53],
    [1.5, 33],
    [2, 19],
    [3, 11],
    [5, 8],
    [10, 5],
  ])('at %d times control about %d', (ratio, expected) => {
    const found = excessEventsBeforeRollback({ alpha: 0.01, weight: 0.5, ratio });
    expect(Math.round(found)).toBe(expected);
  });

  it('rises with the number of guardrails and horizons: 2 x 3 give 23 for twice as many', () => {
    const found = excessEventsBeforeRollback({ alpha: 0.01, weight: 0.5 / 6, ratio: 2 });
    expect(Math.round(found)).toBe(23);
  });

  it.each([
    [{ ratio: 1 }, 'ratio_not_harm'],
    [{ ratio: Infinity }, 'ratio_not_harm'],
    [{ weight: 0 }, 'weight_out_of_range'],
    [{ alpha: 1 }, 'alpha_out_of_range'],
  ])('refuses %j', (change, code) => {
    const call = () =>
      excessEventsBeforeRollback({ alpha: 0.01, weight: 0.5, ratio: 2, ...change });
    expect(call).toThrow(JudgeInputError);
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});

describe('harm bound', () => {
  it('is units x (relative x baseline rate + excess)', () => {
    const input = { units: 20_000, relativeMargin: 0.05, baselineRate: 1e-3, excess: 0.0005 };
    expect(harmBound(input)).toBeCloseTo(11, 10);
  });
});
