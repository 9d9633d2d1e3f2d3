import { describe, expect, it } from 'vitest';
import { absorb, assess, enterStage, type JudgeState, type Null } from '../../src/index.ts';
import { counts, hypothesis, judgeOf, shareAt, take } from '../support/judge.ts';
import { type Random, seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';

const ALPHA = 0.05;
/** Seven in ten do not order; a drop of orders by 2 % of them is tolerated. */
const NO_ORDER = 0.7;
const DROP: Null = { ratio: 0.98, excess: 0.02 };

interface Setting {
  readonly rate: number;
  readonly harmNull: Null;
  readonly frequent: boolean;
  readonly alphaHarm?: number;
}

function judgeFor({ rate, harmNull, frequent, alphaHarm = ALPHA }: Setting): JudgeState {
  return judgeOf([hypothesis({ baselineRate: rate, harmNull, frequent })], { alphaHarm });
}

/** A batch of both arms; treatment's rate is a function of control's. */
function tell(
  state: JudgeState,
  random: Random,
  of: {
    readonly nT: number;
    readonly nC: number;
    readonly rate: number;
    readonly treated: (rate: number) => number;
  },
): void {
  const nT = random.poisson(of.nT);
  const nC = random.poisson(of.nC);
  take(state, [nT, random.binomial(nT, of.treated(of.rate)), nC, random.binomial(nC, of.rate)]);
}

describe('a frequent share', () => {
  it('is judged as a mean too, where its historical rate is frequent and it was asked for', () => {
    const has = (rate: number, frequent: boolean) => {
      const state = judgeFor({ rate, harmNull: DROP, frequent });
      enterStage(state, { stage: 0, nonInferiority: {} });
      return shareAt(state).starts[0]?.process.frequent !== undefined;
    };
    expect([0.02, 0.05, 0.7, 0.95, 0.97].map((rate) => has(rate, true))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(has(0.7, false)).toBe(false);
  });

  it('that gets rarer is found where the bet alone does not find it', () => {
    const found = (frequent: boolean) =>
      countRuns(20, (seed) => {
        const random = seeded(seed);
        const setting = { rate: NO_ORDER, harmNull: DROP, alphaHarm: 0.01, frequent };
        const state = judgeFor(setting);
        enterStage(state, { stage: 0, nonInferiority: {} });
        const batch = { nT: 500, nC: 500, rate: NO_ORDER, treated: () => 1 - 0.3 * 0.94 };
        for (let count = 0; count < 100; count += 1) {
          tell(state, random, batch);
          if (assess(state).harm.harmful) return true;
        }
        return false;
      });
    expect(found(true)).toBeGreaterThan(found(false) + 5);
  });

  it('that is the same is shown to be no worse in far fewer units', () => {
    const batches = (frequent: boolean) => {
      const random = seeded(5);
      const state = judgeFor({ rate: NO_ORDER, harmNull: DROP, frequent });
      enterStage(state, {
        stage: 0,
        nonInferiority: { 'http.error_rate@60000': { ratio: 0.95, excess: 0.05 } },
      });
      const batch = { nT: 500, nC: 500, rate: NO_ORDER, treated: (rate: number) => rate };
      for (let count = 1; count < 400; count += 1) {
        tell(state, random, batch);
        if (assess(state).safe) return count;
      }
      return Infinity;
    };
    expect(batches(true)).toBeLessThan(0.9 * batches(false));
  });

  it.each([
    ['at 1 % of the traffic', 10, 990],
    ['at half of it', 200, 200],
  ])('is called safe exactly at its margin at most alpha of the time, %s', (_, nT, nC) => {
    const runs = runsOf(60);
    const passes = countRuns(runs, (seed) => {
      const random = seeded(seed);
      const state = judgeFor({ rate: NO_ORDER, harmNull: DROP, frequent: true });
      enterStage(state, { stage: 0, nonInferiority: { 'http.error_rate@60000': DROP } });
      for (let batch = 0; batch < 150; batch += 1) {
        const rate = NO_ORDER * (1 + 0.2 * Math.sin(batch / 16));
        const treated = (of: number) => DROP.ratio * of + DROP.excess;
        tell(state, random, { nT, nC, rate, treated });
        if (assess(state).safe) return true;
      }
      return false;
    });
    expectAtMostAlpha(passes, runs, ALPHA);
  });

  it('of users who return in five stages is a false alarm at most alpha of the time', () => {
    const runs = runsOf(60);
    const alarms = countRuns(runs, (seed) => isRolledBack(seed, [0.1, 0.2, 0.3, 0.4, 0.5]));
    expectAtMostAlpha(alarms, runs, ALPHA);
  });
});

/** 3,000 users of whom seven in ten never order and the others always do: all come in every stage. */
function isRolledBack(seed: number, shares: readonly number[]): boolean {
  const random = seeded(seed);
  const state = judgeFor({ rate: NO_ORDER, harmNull: { ratio: 1, excess: 0 }, frequent: true });
  const users = Array.from({ length: 3_000 }, () => ({
    place: random.uniform(),
    bad: random.uniform() < NO_ORDER ? 1 : 0,
  }));
  for (const [stage, share] of shares.entries()) {
    enterStage(state, { stage, nonInferiority: {} });
    const before = shares[stage - 1] ?? 0;
    for (let batch = 0; batch < 10; batch += 1) {
      const came = users.filter((_, at) => (at * 7 + stage) % 10 === batch);
      const sum = (list: typeof users) => [
        list.length,
        list.reduce((all, { bad }) => all + bad, 0),
      ];
      const [nT = 0, xT = 0] = sum(came.filter(({ place }) => place < share));
      const [nC = 0, xC = 0] = sum(came.filter(({ place }) => place >= share));
      const [units = 0, bad = 0] = sum(came.filter(({ place }) => place < before));
      absorb(state, {
        hypothesis: 'http.error_rate@60000',
        stage,
        stratum: String(before),
        counts: counts([nT, xT, nC, xC]),
        carried: { units, bad },
      });
      if (assess(state).harm.harmful) return true;
    }
  }
  return false;
}
