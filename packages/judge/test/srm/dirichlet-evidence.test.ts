import { describe, expect, it } from 'vitest';
import { dirichletLogE, srmLogE } from '../../src/index.ts';

describe('Dirichlet evidence against claimed shares', () => {
  // Cumulative sums of ssrm's test data with its uniform prior; its printed log Bayes factors.
  it.each([
    [[20, 17, 9], '-2.950561'],
    [[38, 38, 17], '-3.681901'],
    [[42, 44, 21], '-3.860658'],
    [[60, 63, 32], '-4.183814'],
  ])('three arms with %j', (counts, expected) => {
    const found = dirichletLogE({ counts, shares: [0.4, 0.4, 0.2], prior: [1, 1, 1] });
    expect(found.toFixed(6)).toBe(expected);
  });

  it("gives savvi's p-value where its example stops", () => {
    // 148 and 62 events, claimed 80 to 20, k = 100: the first p below 0.05.
    const p = Math.exp(-srmLogE({ treatment: 148, control: 62 }, 0.8, 100));
    expect(p).toBeCloseTo(0.045579631759249686, 13);
  });

  // Reference values from 50-digit arithmetic with the plain formula.
  it.each([
    [46_000, 50_000, 0.5, 80.210865349338893],
    [500_000_000, 500_000_000, 0.5, -6.9080057786902207],
    [1_000_000_000, 99_000_000_000, 0.01, -9.218671782076961],
    [1_000_123, 98_999_877, 0.01, -5.7572194061154129],
  ])('%d and %d at %d keep ten decimals', (treatment, control, share, expected) => {
    expect(srmLogE({ treatment, control }, share)).toBeCloseTo(expected, 10);
  });

  it('is zero before the first unit and after one at an even split', () => {
    expect(srmLogE({ treatment: 0, control: 0 }, 0.01)).toBeCloseTo(0, 12);
    expect(srmLogE({ treatment: 1, control: 0 }, 0.5)).toBeCloseTo(0, 12);
  });

  it.each([0.01, 0.3, 0.5])('has expectation 1 at share %d, by enumeration', (share) => {
    const units = 12;
    let expectation = 0;
    let choose = 1;
    for (let treatment = 0; treatment <= units; treatment += 1) {
      const control = units - treatment;
      const chance = choose * share ** treatment * (1 - share) ** control;
      expectation += chance * Math.exp(srmLogE({ treatment, control }, share, 5));
      choose = (choose * control) / (treatment + 1);
    }
    expect(expectation).toBeCloseTo(1, 12);
  });
});
