import { describe, expect, it } from 'vitest';
import { assessTotals, riskRatio } from '../../src/index.ts';
import { counts, enter, judgeOf, type Quad, take } from '../support/judge.ts';
import { seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';

const ALPHA = 0.01;
const of = (...quads: Quad[]) => riskRatio(quads.map(counts), ALPHA);

describe('risk ratio', () => {
  it('knows nothing before there are bad outcomes', () => {
    expect(of()).toEqual({ estimate: null, lower: 0, upper: Infinity });
    expect(of([100, 0, 100, 0], [0, 0, 50, 7])).toEqual({
      estimate: null,
      lower: 0,
      upper: Infinity,
    });
  });

  it('closes in on the truth from both sides', () => {
    const widths = [1, 4, 16, 64].map((n) => {
      const { estimate, lower, upper } = of([1000 * n, 20 * n, 9000 * n, 90 * n]);
      expect(estimate).toBeCloseTo(2, 10);
      expect(lower).toBeLessThan(2);
      expect(upper).toBeGreaterThan(2);
      return Math.log(upper / Math.max(lower, 1e-3));
    });
    expect(widths).toEqual([...widths].sort((one, other) => other - one));
    expect(widths.at(-1)).toBeLessThan(0.6);
  });

  it('is not deceived by a share that changes with the rate (Simpson)', () => {
    const friday: Quad = [10_000, 230, 990_000, 20_000];
    const saturday: Quad = [500_000, 6_000, 500_000, 5_000];
    const { estimate, lower } = of(friday, saturday);
    expect(estimate).toBeGreaterThan(1.15);
    expect(lower).toBeGreaterThan(1);
  });

  it('does not lose more than a bin by joining exposure ratios to bins', () => {
    const even = of(...Array.from({ length: 50 }, (): Quad => [1000, 4, 9000, 18]));
    const uneven = of(
      ...Array.from({ length: 50 }, (_, i): Quad => [1000, 4, 9000 + (i % 2 === 0 ? 40 : -40), 18]),
    );
    expect(Math.log(even.lower / uneven.lower)).toBeLessThan(1 / 16 + 0.014);
  });

  it('has bounds that hold at every look, with traffic that varies', () => {
    const runs = runsOf(200);
    const misses = countRuns(runs, (seed) => {
      const random = seeded(seed);
      const state = judgeOf();
      enter(state, 0);
      for (let batch = 0; batch < 40; batch += 1) {
        const rate = 0.01 * (1 + 0.5 * Math.sin(batch / 6));
        const nT = random.poisson(200);
        const nC = random.poisson(1800);
        take(state, [nT, random.binomial(nT, 1.5 * rate), nC, random.binomial(nC, rate)]);
        const { lower, upper } = assessTotals(state)[0]?.ratio ?? { lower: 0, upper: 0 };
        if (lower > 1.5 || upper < 1.5) return true;
      }
      return false;
    });
    expectAtMostAlpha(misses, runs, ALPHA);
  });
});
