import { describe, expect, it } from 'vitest';
import {
  absorbBatch,
  createProcess,
  HARM_MIXTURE,
  logE,
  type Mixture,
  NON_INFERIORITY_MIXTURE,
  STEP_UP_MIXTURE,
  type Null,
} from '../../src/index.ts';

/** P(X = k), k = 0..n, of independent outcomes that are bad with the given chances. */
function distribution(chances: readonly number[]): number[] {
  let shares = [1];
  for (const chance of chances) {
    const next = Array.from({ length: shares.length + 1 }, () => 0);
    shares.forEach((share, k) => {
      next[k] = (next[k] ?? 0) + share * (1 - chance);
      next[k + 1] = (next[k + 1] ?? 0) + share * chance;
    });
    shares = next;
  }
  return shares;
}

interface Batch {
  readonly treatment: readonly number[];
  readonly control: readonly number[];
}

/** E[e] after all batches, summed over every possible outcome: no chance, no tolerance. */
function expectation(
  claim: { readonly null: Null; readonly baselineRate: number; readonly mixture: Mixture },
  batches: readonly Batch[],
): number {
  const start = createProcess(claim.null, claim.baselineRate, claim.mixture);
  let total = 0;
  const walk = (process: typeof start, probability: number, at: number) => {
    const batch = batches[at];
    if (batch === undefined) {
      total += probability * Math.exp(logE(process, claim.mixture));
      return;
    }
    distribution(batch.treatment).forEach((pT, badT) => {
      distribution(batch.control).forEach((pC, badC) => {
        if (pT * pC === 0) return;
        const next = structuredClone(process);
        absorbBatch(next, claim.mixture, {
          treatment: { units: batch.treatment.length, bad: badT },
          control: { units: batch.control.length, bad: badC },
        });
        walk(next, probability * pT * pC, at + 1);
      });
    });
  };
  walk(start, 1, 0);
  return total;
}

const times = (n: number, chance: number) => Array.from({ length: n }, () => chance);
const SIZES = [
  [1, 1],
  [1, 7],
  [6, 2],
  [4, 4],
] as const;
const NULLS: readonly Null[] = [
  { ratio: 1, excess: 0 },
  { ratio: 1.05, excess: 0.01 },
  { ratio: 1, excess: 0.2 },
  { ratio: 0.98, excess: 0.02 },
  { ratio: 2, excess: 0 },
];
const CONTROL_RATES = [0, 0.001, 0.05, 0.3, 0.9, 1];

/** Bets are told in bad outcomes, and where those were the rule in good ones. */
const CLAIMS = NULLS.flatMap((claim) =>
  [0.01, 0.9].map((baselineRate) => ({ ...claim, baselineRate })),
);

describe('the expectation of evidence under its null, by enumeration', () => {
  it.each(CLAIMS)(
    'harm, ratio $ratio, excess $excess, baseline $baselineRate: at most 1 on the boundary and inside',
    (n) => {
      let cases = 0;
      for (const [treated, controls] of SIZES) {
        for (const rate of CONTROL_RATES) {
          for (const inside of [1, 0.5]) {
            const p = inside * (n.ratio * rate + n.excess);
            if (p > 1) continue;
            const found = expectation(
              { null: n, baselineRate: n.baselineRate, mixture: HARM_MIXTURE },
              [{ treatment: times(treated, p), control: times(controls, rate) }],
            );
            expect(found).toBeLessThanOrEqual(1 + 1e-12);
            cases += 1;
          }
        }
      }
      expect(cases).toBeGreaterThan(30);
    },
  );

  it.each(CLAIMS)(
    'non-inferiority, ratio $ratio, excess $excess, baseline $baselineRate: at most 1 on the boundary and beyond',
    (n) => {
      let cases = 0;
      for (const [treated, controls] of SIZES) {
        for (const rate of CONTROL_RATES) {
          for (const beyond of [0, 0.1, 0.5]) {
            const p = n.ratio * rate + n.excess + beyond;
            if (p > 1) continue;
            for (const mixture of [NON_INFERIORITY_MIXTURE, STEP_UP_MIXTURE]) {
              const found = expectation({ null: n, baselineRate: n.baselineRate, mixture }, [
                { treatment: times(treated, p), control: times(controls, rate) },
              ]);
              expect(found).toBeLessThanOrEqual(1 + 1e-12);
            }
            cases += 1;
          }
        }
      }
      expect(cases).toBeGreaterThan(20);
    },
  );

  it('is above 1 where the null is false, so that the test above can fail', () => {
    const harm = { null: { ratio: 1, excess: 0 }, baselineRate: 0.01, mixture: HARM_MIXTURE };
    expect(
      expectation(harm, [{ treatment: times(6, 0.3), control: times(6, 0.01) }]),
    ).toBeGreaterThan(1.2);
    const ni = {
      null: { ratio: 1, excess: 0.2 },
      baselineRate: 0.01,
      mixture: NON_INFERIORITY_MIXTURE,
    };
    expect(expectation(ni, [{ treatment: times(6, 0), control: times(6, 0.01) }])).toBeGreaterThan(
      1.2,
    );
  });

  it('units of one arm may differ, as long as the averages keep to the null', () => {
    const claim = { null: { ratio: 1, excess: 0.05 }, baselineRate: 0.05, mixture: HARM_MIXTURE };
    const treatment = [0.6, 0, 0, 0.2];
    const control = [0, 0.3, 0.15];
    expect(expectation(claim, [{ treatment, control }])).toBeLessThanOrEqual(1 + 1e-12);
  });

  it('stays at most 1 over batches: rates change, splits change, bets learn from the past', () => {
    const claim = { null: { ratio: 1.1, excess: 0.02 }, baselineRate: 0.1, mixture: HARM_MIXTURE };
    const batches = [0.05, 0.6, 0.2].map((rate, at) => ({
      treatment: times([1, 4, 2][at] ?? 1, 1.1 * rate + 0.02),
      control: times([4, 2, 3][at] ?? 1, rate),
    }));
    const steps = batches.map((_, at) => expectation(claim, batches.slice(0, at + 1)));
    let before = 1;
    for (const step of steps) {
      expect(step).toBeLessThanOrEqual(before + 1e-12);
      before = step;
    }
  });

  it('stays at most 1 when the telling changes from bad to good outcomes and back', () => {
    const claim = { null: { ratio: 1.02, excess: 0.01 }, baselineRate: 0.5, mixture: HARM_MIXTURE };
    const batches = [0.9, 0.1, 0.5].map((rate) => ({
      treatment: times(3, 1.02 * rate + 0.01),
      control: times(3, rate),
    }));
    expect(expectation(claim, batches)).toBeLessThanOrEqual(1 + 1e-12);
  });
});
