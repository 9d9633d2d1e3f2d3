import { expect, it } from 'vitest';
import {
  absorbMeans,
  addValue,
  assess,
  createSums,
  enterStage,
  type MeanFigures,
  momentsOf,
} from '../../src/index.ts';
import { judgeOf } from '../support/judge.ts';
import { seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';

const ALPHA = 0.05;
const BATCHES = 10;
const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5];
const FIGURES: MeanFigures = {
  margin: { relative: 0, absolute: 0, worse: 'higher' },
  standardError: 2,
};

/**
 * 3,000 users with a value of their own, most of it the same in every stage, that moves by half over the day.
 * All come in every stage; a look at every batch. Treatment's values are `factor` times as large.
 */
function isRolledBack(seed: number, factor: number): boolean {
  const random = seeded(seed);
  const hypothesis = { id: 'm', metric: 'm', horizonMs: 60_000, role: 'guardrail' } as const;
  const state = judgeOf([{ ...hypothesis, weight: 1, kind: 'mean', mean: FIGURES }], {
    alphaHarm: ALPHA,
  });
  const users = Array.from({ length: 3_000 }, () => ({
    place: random.uniform(),
    level: Math.exp(2 * (random.uniform() + random.uniform() + random.uniform()) - 3),
  }));
  for (const [stage, share] of SHARES.entries()) {
    enterStage(state, { stage, nonInferiority: {} });
    const before = SHARES[stage - 1] ?? 0;
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const day = 100 * (1 + 0.5 * Math.sin((2 * Math.PI * batch) / BATCHES));
      const sums = { fresh: createSums(100), carried: createSums(100), control: createSums(100) };
      for (const [at, { place, level }] of users.entries()) {
        if ((at * 7 + stage) % BATCHES !== batch) continue;
        const arm = place < before ? 'carried' : place < share ? 'fresh' : 'control';
        const value = day * level * (0.8 + 0.4 * random.uniform());
        addValue(sums[arm], arm === 'control' ? value : factor * value);
      }
      const treatment = { fresh: momentsOf(sums.fresh), carried: momentsOf(sums.carried) };
      const place = { hypothesis: 'm', stage, stratum: String(before) };
      absorbMeans(state, { ...place, treatment, control: momentsOf(sums.control) });
      if (assess(state).harm.harmful) return true;
    }
  }
  return false;
}

it('means of users who return in every stage are a false alarm at most alpha of the time', () => {
  const runs = runsOf(60);
  const alarms = countRuns(runs, (seed) => isRolledBack(seed, 1));
  expectAtMostAlpha(alarms, runs, ALPHA);
});

it('means that are a quarter higher are found in nearly every run', () => {
  expect(countRuns(20, (seed) => isRolledBack(seed, 1.25))).toBeGreaterThanOrEqual(18);
});
