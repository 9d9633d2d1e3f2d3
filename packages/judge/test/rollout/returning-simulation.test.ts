import { describe, expect, it } from 'vitest';
import {
  absorbMeans,
  addSlice,
  addValue,
  createSums,
  enterStage,
  type JudgeState,
  type MeanFigures,
  momentsOf,
  sliceId,
} from '../../src/index.ts';
import { assessHarm } from '../../src/rollout/harm-evidence.ts';
import { hypothesis, judgeOf } from '../support/judge.ts';
import { type Random, seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';
import {
  absorbVisits,
  type Crowd,
  type Visit,
  type VisitBatch,
  visitsOf,
} from '../support/visitors.ts';

const ALPHA = 0.05;
const ID = 'http.error_rate@60000';
const CROWD: Crowd = { visitors: 3_000, comes: 0.8, shares: [0.1, 0.2, 0.3, 0.4, 0.5] };

/** Whether harm is shown at some look; one look per batch. */
function isRolledBack(
  { state, random, crowd }: { state: JudgeState; random: Random; crowd: Crowd },
  take: (batch: VisitBatch) => void,
): boolean {
  for (const batch of visitsOf(random, crowd)) {
    if (batch.begins) enterStage(state, { stage: batch.stage, nonInferiority: {} });
    take(batch);
    if (assessHarm(state, 'guardrail').harmful) return true;
  }
  return false;
}

/** A share of users who always fail, or do `worse` with some chance where they are treated. */
function shareRolledBack(seed: number, rate: number, worse = 0): boolean {
  const random = seeded(seed);
  const own = hypothesis({ harmNull: { ratio: 1, excess: 0 }, baselineRate: rate, frequent: true });
  const state = judgeOf([own], { alphaHarm: ALPHA });
  const isBad = ({ visitor, arm }: Visit) =>
    visitor.own < rate || (arm !== 'control' && random.uniform() < worse);
  return isRolledBack({ state, random, crowd: CROWD }, ({ stage, strata }) => {
    for (const [stratum, visits] of strata) {
      absorbVisits(state, { hypothesis: ID, stage, stratum }, { visits, isBad });
    }
  });
}

describe('frequent shares of users who come back', () => {
  it.each([0.1, 0.3, 0.7])('of whom %d always fail: false at most alpha of the time', (rate) => {
    const runs = runsOf(25);
    expectAtMostAlpha(
      countRuns(runs, (seed) => shareRolledBack(seed, rate)),
      runs,
      ALPHA,
    );
  });

  it('are found where a tenth more of the treated fail', () => {
    expect(countRuns(8, (seed) => shareRolledBack(seed, 0.3, 0.1))).toBeGreaterThanOrEqual(7);
  });
});

const SIGMA = 1.5;
/** Values above e^4 count as that: one in 260 is. */
const CAP = Math.exp(4);
/** Sharpest where a difference of a fifth is decided: about what so many users can tell. */
const STANDARD_ERROR = (0.2 * Math.exp(SIGMA ** 2 / 2)) / 3;

/** Lognormal values, most of each the user's own. */
function meanRolledBack(seed: number, worse: 'higher' | 'lower', factor = 1): boolean {
  const random = seeded(seed);
  const margin = { relative: 0, absolute: 0, worse };
  const mean: MeanFigures = { margin, standardError: STANDARD_ERROR };
  const own = { id: 'm', metric: 'm', horizonMs: 60_000, role: 'guardrail', weight: 1 } as const;
  const state = judgeOf([{ ...own, kind: 'mean', mean }], { alphaHarm: ALPHA });
  const crowd = { ...CROWD, visitors: 5_000 };
  return isRolledBack({ state, random, crowd }, ({ stage, strata }) => {
    for (const [stratum, visits] of strata) {
      const sums = { fresh: createSums(1), carried: createSums(1), control: createSums(1) };
      for (const { visitor, arm } of visits) {
        const z =
          0.9 * normal(visitor.own, (visitor.own * 4_096) % 1) +
          0.436 * normal(random.uniform(), random.uniform());
        const value = Math.min(CAP, Math.exp(SIGMA * z));
        addValue(sums[arm], arm === 'control' ? value : factor * value);
      }
      const treatment = { fresh: momentsOf(sums.fresh), carried: momentsOf(sums.carried) };
      const control = momentsOf(sums.control);
      absorbMeans(state, { hypothesis: 'm', stage, stratum, treatment, control });
    }
  });
}

/** Box and Muller's. */
function normal(one: number, other: number): number {
  return Math.sqrt(-2 * Math.log(1 - one)) * Math.cos(2 * Math.PI * other);
}

describe('means with heavy tails of users who come back', () => {
  it.each(['higher', 'lower'] as const)('%s is worse: false at most alpha', (worse) => {
    const runs = runsOf(25);
    expectAtMostAlpha(
      countRuns(runs, (seed) => meanRolledBack(seed, worse)),
      runs,
      ALPHA,
    );
  });

  it('are found where they are half as high again', () => {
    expect(countRuns(6, (seed) => meanRolledBack(seed, 'higher', 1.5))).toBe(6);
  });
});

/** One in a hundred always fails; a third of the users comes on another platform in each stage. */
function slicedRolledBack(seed: number): boolean {
  const random = seeded(seed);
  const own = hypothesis({ harmNull: { ratio: 1, excess: 0 }, baselineRate: 0.01 });
  const state = judgeOf([own], { alphaHarm: ALPHA, slices: { dimensions: ['platform'] } });
  const known = new Set<string>();
  const platforms = new Map<Visit['visitor'], string>();
  const isBad = ({ visitor }: Visit) => visitor.own < 0.01;
  const platformOf = ({ visitor }: Visit) => {
    const before = platforms.get(visitor);
    if (before !== undefined && random.uniform() > 1 / 3) return before;
    const platform = `p${Math.floor(8 * random.uniform() ** 2)}`;
    platforms.set(visitor, platform);
    return platform;
  };
  const crowd = { ...CROWD, visitors: 6_000 };
  return isRolledBack({ state, random, crowd }, ({ stage, strata }) => {
    for (const [stratum, visits] of strata) {
      absorbVisits(state, { hypothesis: ID, stage, stratum }, { visits, isBad });
      const byValue = new Map<string, Visit[]>();
      for (const visit of visits) {
        const value = platformOf(visit);
        byValue.set(value, [...(byValue.get(value) ?? []), visit]);
      }
      for (const [value, of] of byValue) {
        const slice = { hypothesis: ID, dimension: 'platform', value, minimumSample: 100 };
        if (!known.has(value)) addSlice(state, slice);
        known.add(value);
        absorbVisits(state, { hypothesis: sliceId(slice), stage, stratum }, { visits: of, isBad });
      }
    }
  });
}

it(
  'slices of users who change platforms are a false alarm at most alpha of the time',
  () => {
    const runs = runsOf(15);
    expectAtMostAlpha(countRuns(runs, slicedRolledBack), runs, ALPHA);
  },
  SIMULATION_TIMEOUT_MS,
);
