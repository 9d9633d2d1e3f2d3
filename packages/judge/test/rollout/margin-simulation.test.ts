import { describe, expect, it } from 'vitest';
import {
  absorb,
  absorbBaselineRequests,
  absorbMeans,
  absorbRequests,
  addValue,
  assess,
  createSums,
  enterStage,
  type JudgeState,
  type MeanFigures,
  momentsOf,
  type Null,
} from '../../src/index.ts';
import { assessHarm } from '../../src/rollout/harm-evidence.ts';
import { hypothesis, judgeOf } from '../support/judge.ts';
import { type Random, seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

const ALPHA = 0.05;
const ID = 'http.error_rate@60000';

function isSafe(state: JudgeState): boolean {
  return assess(state).nonInferiority.every(({ passed }) => passed);
}

/** Whether «safe» is said within a stage of so many batches in which treatment is exactly at the margin. */
function shareIsSafe(seed: number, at: { rate: number; null: Null; nT: number; nC: number }) {
  const random = seeded(seed);
  const own = hypothesis({ baselineRate: at.rate, harmNull: at.null, frequent: true });
  const state = judgeOf([own]);
  enterStage(state, { stage: 0, nonInferiority: { [ID]: at.null } });
  for (let batch = 0; batch < 150; batch += 1) {
    const rate = at.rate * (1 + 0.2 * Math.sin(batch / 16));
    const arm = (mean: number, chance: number) => {
      const units = random.poisson(mean);
      return { units, bad: random.binomial(units, chance) };
    };
    const treatment = arm(at.nT, at.null.ratio * rate + at.null.excess);
    const counts = { treatment, control: arm(at.nC, rate) };
    absorb(state, { hypothesis: ID, stage: 0, stratum: '0', counts });
    if (isSafe(state)) return true;
  }
  return false;
}

function meanIsSafe(seed: number, worse: 'higher' | 'lower', [nT, nC]: readonly [number, number]) {
  const random = seeded(seed);
  const relative = 0.1;
  const factor = worse === 'higher' ? 1 + relative : 1 - relative;
  const margin = { relative, absolute: 0, worse };
  const mean: MeanFigures = { margin, standardError: 0.1 };
  const own = { id: 'm', metric: 'm', horizonMs: 60_000, role: 'guardrail', weight: 1 } as const;
  const state = judgeOf([{ ...own, kind: 'mean', mean }]);
  const means = { m: { harm: mean, nonInferiority: mean } };
  enterStage(state, { stage: 0, nonInferiority: {}, means });
  for (let batch = 0; batch < 60; batch += 1) {
    const treatment = { fresh: skewed(random, nT, factor), carried: momentsOf(createSums(1)) };
    const control = skewed(random, nC, 1);
    absorbMeans(state, { hypothesis: 'm', stage: 0, stratum: '0', treatment, control });
    if (isSafe(state)) return true;
  }
  return false;
}

/** Lognormal values with sigma 1.5, at most e^4. */
function skewed(random: Random, units: number, factor: number) {
  const sums = createSums(1);
  for (let left = random.poisson(units); left > 0; left -= 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const value = Math.exp(1.5 * radius * Math.cos(2 * Math.PI * random.uniform()));
    addValue(sums, factor * Math.min(Math.exp(4), value));
  }
  return momentsOf(sums);
}

describe('«safe» exactly at the margin is said at most alpha of the time', () => {
  it.each([
    ['of a rare share', { rate: 0.002, null: { ratio: 1.05, excess: 0.001 }, nT: 200, nC: 1_800 }],
    [
      'at 1 %, ten times the rate',
      { rate: 0.001, null: { ratio: 1.05, excess: 0.01 }, nT: 20, nC: 1_980 },
    ],
    ['of a latency', { rate: 0.005, null: { ratio: 1, excess: 0.005 }, nT: 100, nC: 1_900 }],
    ['of a frequent share', { rate: 0.3, null: { ratio: 1.05, excess: 0 }, nT: 200, nC: 200 }],
  ])('%s', (_, at) => {
    const runs = runsOf(60);
    expectAtMostAlpha(
      countRuns(runs, (seed) => shareIsSafe(seed, at)),
      runs,
      ALPHA,
    );
  });

  it.each(['higher', 'lower'] as const)('of a mean with heavy tails, %s is worse', (worse) => {
    const runs = runsOf(40);
    expectAtMostAlpha(
      countRuns(runs, (seed) => meanIsSafe(seed, worse, [60, 60])),
      runs,
      ALPHA,
    );
  });
});

interface Requests {
  /** Events of one cluster, on average. */
  readonly cluster: number;
  readonly baseline: number;
  readonly shares: readonly number[];
  readonly null: Null;
  /** Treatment's rate as a multiple of what the null allows. */
  readonly times?: number;
}

/** Two hours of minutes in each stage. What is refuted of a rate of 1 % that moves over the day. */
function requests(seed: number, of: Requests) {
  const random = seeded(seed);
  const own = { id: 'q', metric: 'q', horizonMs: 0, role: 'guardrail', weight: 1 } as const;
  const state = judgeOf([{ ...own, kind: 'requests', harmNull: of.null, baselineRate: 0.01 }], {
    alphaHarm: ALPHA,
  });
  const events = (exposure: number, rate: number) => {
    let sum = 0;
    for (let left = random.poisson((exposure * rate) / of.cluster); left > 0; left -= 1) {
      sum += of.cluster === 1 ? 1 : 1 + random.poisson(of.cluster - 1);
    }
    return { exposure, events: sum };
  };
  for (let batch = 0; batch < of.baseline; batch += 1) {
    absorbBaselineRequests(state, { hypothesis: 'q', control: events(2_000, 0.01) });
  }
  for (const [stage, share] of of.shares.entries()) {
    enterStage(state, { stage, nonInferiority: { q: of.null } });
    for (let batch = 0; batch < 120; batch += 1) {
      const rate = 0.01 * (1 + 0.3 * Math.sin(batch / 20));
      const allowed = (of.times ?? 1) * (of.null.ratio * rate + of.null.excess);
      const treatment = events(random.poisson(2_000 * share), allowed);
      const control = events(random.poisson(2_000 * (1 - share)), rate);
      absorbRequests(state, { hypothesis: 'q', stage, stratum: '0', treatment, control });
      if (assessHarm(state, 'guardrail').harmful) return 'harmful';
      if (of.shares.length === 1 && isSafe(state)) return 'safe';
    }
  }
  return 'nothing';
}

const SAME: Null = { ratio: 1, excess: 0 };
const STAGES = [0.01, 0.05, 0.25, 0.5];

describe('requests, of which failed ones are retried', () => {
  it.each([
    ['never', 1, 30],
    ['once on average', 2, 30],
    ['four times', 5, 30],
  ])(
    '%s: a false alarm at most alpha of the time, in either direction',
    (_, cluster, baseline) => {
      const runs = runsOf(30);
      const harmful = countRuns(
        runs,
        (seed) => requests(seed, { cluster, baseline, shares: STAGES, null: SAME }) === 'harmful',
      );
      expectAtMostAlpha(harmful, runs, ALPHA);
      const atMargin = { cluster, baseline, shares: [0.1], null: { ratio: 1.05, excess: 0.002 } };
      const safe = countRuns(runs, (seed) => requests(seed, atMargin) === 'safe');
      expectAtMostAlpha(safe, runs, ALPHA);
    },
    SIMULATION_TIMEOUT_MS,
  );

  it('are found where twice as many fail, by single events in all runs and by clusters of two', () => {
    const twice = { baseline: 30, shares: STAGES, null: SAME, times: 2 };
    for (let seed = 0; seed < 6; seed += 1) {
      expect(requests(seed, { ...twice, cluster: 1 }), String(seed)).toBe('harmful');
      expect(requests(seed, { ...twice, cluster: 2 }), String(seed)).toBe('harmful');
    }
  });
});
