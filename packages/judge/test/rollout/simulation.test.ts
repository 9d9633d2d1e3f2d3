import { describe, expect, it } from 'vitest';
import {
  absorbBatch,
  attemptAlpha,
  createProcess,
  logE,
  STEP_UP_MIXTURE,
} from '../../src/index.ts';
import { counts } from '../support/judge.ts';
import { seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';
import {
  type ClusteredUsers,
  isRolledBack,
  simulatedJudge,
  watchDiurnal,
} from '../support/rollout-simulation.ts';

const ALPHA = 0.05;

describe('false rollback, with a look at every batch', () => {
  it.each([1, 1.05])(
    'at most alpha at the null ratio %d, over four stages, traffic and rate moving',
    (ratio) => {
      const runs = runsOf(150);
      const alarms = countRuns(runs, (seed) => {
        const state = simulatedJudge(ALPHA, { ratio, excess: 0 }, 0.002);
        const options = { batches: 160, unitsPerBatch: 2_000, ratio };
        return watchDiurnal(state, seeded(seed), options) !== null;
      });
      expectAtMostAlpha(alarms, runs, ALPHA);
    },
  );
});

describe('users who differ and come back in every stage', () => {
  const crowd: ClusteredUsers = {
    users: 20_000,
    failing: 200,
    chance: 0.9,
    shares: [0.1, 0.2, 0.3, 0.4, 0.5],
    timesPerStage: 1,
    tellCarried: true,
  };

  it('cause at most alpha when each counts once a stage and carried ones are told apart', () => {
    const runs = runsOf(150);
    expectAtMostAlpha(
      countRuns(runs, (seed) => isRolledBack(seed, ALPHA, crowd)),
      runs,
      ALPHA,
    );
  });

  it('cause far more when each counts again and again: that is why the rule is there', () => {
    const often = { ...crowd, timesPerStage: 5, tellCarried: false };
    const alarms = countRuns(60, (seed) => isRolledBack(seed, ALPHA, often));
    expect(alarms / 60).toBeGreaterThan(3 * ALPHA);
  });

  it('cause at most alpha over three attempts together, with the same users in the same arms', () => {
    const runs = runsOf(60);
    const alarms = countRuns(runs, (seed) =>
      [1, 2, 3].some((attempt) => isRolledBack(seed, attemptAlpha(ALPHA, attempt), crowd)),
    );
    expectAtMostAlpha(alarms, runs, ALPHA);
  });
});

describe('a feature that doubles errors', () => {
  it('is found in every run, at 1 or 5 %, after few extra bad outcomes', () => {
    const runs = Array.from({ length: 40 }, (_, seed) => {
      const state = simulatedJudge(0.01, { ratio: 1.05, excess: 0 }, 0.002);
      return watchDiurnal(state, seeded(seed), { batches: 2_000, unitsPerBatch: 2_000, ratio: 2 });
    });
    const found = runs.filter((run) => run !== null);
    expect(found).toHaveLength(runs.length);
    const extra = found.map((run) => run.extra).sort((one, other) => one - other);
    expect(extra[20]).toBeLessThan(30);
    expect(extra.at(-1)).toBeLessThan(80);
    expect(Math.max(...found.map(({ batches }) => batches))).toBeLessThanOrEqual(1_000);
  });
});

describe('false «safe»', () => {
  it('is given at most alpha of the time exactly at the margin, with a look at every batch', () => {
    const margin = { ratio: 1.05, excess: 0.001 };
    const runs = runsOf(200);
    const passes = countRuns(runs, (seed) => {
      const random = seeded(seed);
      const process = createProcess(margin, 0.002, STEP_UP_MIXTURE);
      for (let batch = 0; batch < 100; batch += 1) {
        const rate = 0.002 * (1 + 0.5 * Math.sin(batch / 16));
        const nT = random.poisson(1_000);
        const nC = random.poisson(4_000);
        const xT = random.binomial(nT, margin.ratio * rate + margin.excess);
        absorbBatch(process, STEP_UP_MIXTURE, counts([nT, xT, nC, random.binomial(nC, rate)]));
        if (logE(process, STEP_UP_MIXTURE) >= Math.log(1 / ALPHA)) return true;
      }
      return false;
    });
    expectAtMostAlpha(passes, runs, ALPHA);
  });
});
