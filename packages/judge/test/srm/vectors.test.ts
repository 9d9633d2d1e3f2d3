import { describe, expect, it } from 'vitest';
import { srmLogE } from '../../src/index.ts';

describe('sample ratio', () => {
  it.each([
    [92, 9908, 0.01, '-0.8679079776'],
    [4600, 5000, 0.5, '6.3690211540'],
    [46000, 50000, 0.5, '80.2108653493'],
  ])('%d and %d at %d', (treatment, control, share, expected) => {
    expect(srmLogE({ treatment, control }, share).toFixed(10)).toBe(expected);
  });

  it('two stages multiply', () => {
    const both =
      srmLogE({ treatment: 92, control: 9908 }, 0.01) +
      srmLogE({ treatment: 460, control: 9540 }, 0.05);
    expect(both.toFixed(10)).toBe('-0.4649135698');
  });

  it('keeps its digits at a billion units', () => {
    const exact = srmLogE({ treatment: 5e8, control: 5e8 }, 0.5);
    // -0.5 ln((k + n) / k) to first order, for a split exactly as configured.
    expect(exact).toBeCloseTo(-0.5 * Math.log((1e3 + 1e9) / 1e3), 3);
  });
});
