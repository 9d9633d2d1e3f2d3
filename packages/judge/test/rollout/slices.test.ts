import { describe, expect, it } from 'vitest';
import {
  absorb,
  addSlice,
  addStart,
  assess,
  type Assessment,
  assessTotals,
  enterStage,
  explain,
  type JudgeState,
} from '../../src/index.ts';
import { counts, enter, hypothesis, judgeOf, type Quad, take } from '../support/judge.ts';
import { type Random, seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';

const ID = 'http.error_rate@60000';
const EVEN = { ratio: 1, excess: 0 };

function judgeWith(
  dimensions: readonly string[],
  change: Parameters<typeof judgeOf>[1] = {},
): JudgeState {
  const slices = dimensions.length === 0 ? {} : { slices: { dimensions } };
  return judgeOf([hypothesis({ harmNull: EVEN })], { ...slices, ...change });
}

function add(state: JudgeState, dimension: string, value: string, minimumSample = 0): string {
  return addSlice(state, { hypothesis: ID, dimension, value, minimumSample });
}

function found(assessment: Assessment, id: string) {
  return assessment.harm.attribution.find((each) => each.hypothesis === id);
}

describe('the weight of slices', () => {
  it('is half of their hypothesis, shared by dimensions and falling by the order of appearance', () => {
    const state = judgeWith(['platform', 'region']);
    enter(state, 0);
    const ids = ['ios', 'android', 'web'].map((value) => add(state, 'platform', value));
    add(state, 'region', 'eu');
    expect(ids[0]).toBe(`${ID}[platform=ios]`);
    expect(state.hypotheses.map(({ weight }) => weight)).toEqual([
      1 / 2,
      1 / 8,
      1 / 24,
      1 / 48,
      1 / 8,
    ]);
  });

  it('never sums to more than there is, and what no slice has taken stays at 1', () => {
    const state = judgeWith(['platform', 'region']);
    enter(state, 0);
    for (let value = 0; value < 50; value += 1) {
      add(state, 'platform', `p${value}`);
      add(state, 'region', `r${value}`);
      expect(assess(state).harm.logE).toBeCloseTo(0, 9);
    }
    const sum = state.hypotheses.reduce((total, { weight }) => total + weight, 0);
    expect(sum).toBeLessThan(1);
    expect(sum).toBeGreaterThan(0.98);
  });

  it('of a hypothesis without slices is whole', () => {
    const state = judgeWith([]);
    expect(state.hypotheses.map(({ weight }) => weight)).toEqual([1]);
  });
});

describe('a slice', () => {
  it('that appears later has every start of its hypothesis, none of which has seen it', () => {
    const state = judgeWith(['platform'], { laterStarts: true });
    enter(state, 0);
    enter(state, 1);
    addStart(state);
    take(state, [1_000, 30, 9_000, 90]);
    add(state, 'platform', 'ios');
    const [whole, slice] = state.hypotheses;
    expect(slice?.starts.map(({ stage, weight }) => [stage, weight])).toEqual(
      whole?.starts.map(({ stage, weight }) => [stage, weight]),
    );
    expect(found(assess(state), `${ID}[platform=ios]`)?.logE).toBeCloseTo(0, 12);
  });

  it('goes on with the figures of its hypothesis at the next stage', () => {
    const state = judgeWith(['platform']);
    enter(state, 0);
    add(state, 'platform', 'ios');
    const margin = { ratio: 1.02, excess: 0.0004 };
    enterStage(state, { stage: 1, nonInferiority: { [ID]: margin }, harmNull: { [ID]: margin } });
    expect(state.hypotheses[1]).toMatchObject({
      harmNulls: { '1': margin },
      nonInferiority: { null: margin },
    });
  });

  it('is demanded for a step up when it looks harmful and has its minimum sample, else not', () => {
    const state = judgeWith(['platform']);
    enter(state, 0);
    const ios = add(state, 'platform', 'ios', 2_000);
    const android = add(state, 'platform', 'android', 2_000);
    for (let batch = 0; batch < 60; batch += 1) {
      take(state, [1_000, 1, 9_000, 9]);
      take(state, [500, 0, 4_500, 4], { id: android });
    }
    expect(assess(state).safe).toBe(true);
    take(state, [1_900, 12, 9_000, 9], { id: ios });
    const suspected = assess(state);
    expect(suspected.harm.harmful).toBe(false);
    expect(suspected.safe).toBe(true);
    take(state, [100, 0, 900, 1], { id: ios });
    expect(assess(state).safe).toBe(false);
    expect(assess(state).nonInferiority.map((each) => each.hypothesis)).toEqual([ID, ios]);
  });

  it('says in words where it is', () => {
    const state = judgeWith(['platform']);
    enter(state, 0);
    take(state, [10_000, 210, 90_000, 900], { id: add(state, 'platform', 'ios') });
    const sentences = explain(assessTotals(state)).map(({ text }) => text);
    expect(sentences.at(-1)).toMatch(
      /^http\.error_rate@60000 on platform=ios: .*treatment fails 2\.1 times as often/,
    );
  });
});

/** Bernoulli outcomes of a few units: every one of them with its chance. */
function outcomesOf(units: readonly number[], chance: number): { bad: number[]; chance: number }[] {
  return units.reduce<{ bad: number[]; chance: number }[]>(
    (all, count) =>
      all.flatMap((before) =>
        Array.from({ length: count + 1 }, (_, bad) => ({
          bad: [...before.bad, bad],
          chance:
            before.chance * choose(count, bad) * chance ** bad * (1 - chance) ** (count - bad),
        })),
      ),
    [{ bad: [], chance: 1 }],
  );
}

function choose(count: number, of: number): number {
  let ways = 1;
  for (let at = 1; at <= of; at += 1) ways = (ways * (count - of + at)) / at;
  return ways;
}

describe('evidence of the whole and of its slices together', () => {
  // Units of slice A in treatment and control, then those of slice B, which appears in the second batch.
  it.each([0.02, 0.2, 0.5, 0.9])(
    'has an expectation of at most 1 where nothing is wrong, at a rate of %d',
    (chance) => {
      const batches = [[2, 3, 0, 0] as const, [1, 2, 2, 1] as const];
      const [first = [], second = []] = batches.map((units) => outcomesOf(units, chance));
      let expected = 0;
      for (const one of first) {
        for (const two of second) {
          const state = judgeWith(['platform'], { alphaHarm: 0.01 });
          enter(state, 0);
          const a = add(state, 'platform', 'a');
          tell(state, batches[0], one.bad, [a]);
          const b = add(state, 'platform', 'b');
          tell(state, batches[1], two.bad, [a, b]);
          expected += one.chance * two.chance * Math.exp(assess(state).harm.logE);
        }
      }
      expect(expected).toBeLessThanOrEqual(1 + 1e-12);
      expect(expected).toBeGreaterThan(0.5);
    },
  );
});

function tell(
  state: JudgeState,
  units: readonly number[] = [],
  bad: readonly number[],
  ids: readonly string[],
): void {
  const quad = (at: number): Quad => [
    units[at] ?? 0,
    bad[at] ?? 0,
    units[at + 1] ?? 0,
    bad[at + 1] ?? 0,
  ];
  const parts = [quad(0), quad(2)];
  for (const [at, id] of ids.entries()) take(state, parts[at] ?? [0, 0, 0, 0], { id });
  take(state, add4(parts[0], parts[1]));
}

function add4([a, b, c, d]: Quad = [0, 0, 0, 0], [e, f, g, h]: Quad = [0, 0, 0, 0]): Quad {
  return [a + e, b + f, c + g, d + h];
}

interface Crowd {
  /** Share of the units by value. */
  readonly platforms: readonly number[];
  readonly regions: readonly number[];
  readonly rate: number;
  /** Shares of treatment, each for 30 batches. */
  readonly stages: readonly number[];
  /** How many times as often treatment fails, by platform. */
  readonly worse: (platform: number) => number;
}

const ALL_STAGES = [0.01, 0.05, 0.25, 0.5];

/** Looks at every batch of 2,000 units, and where told tells the slices apart; null where no harm is found. */
function watch(
  state: JudgeState,
  random: Random,
  crowd: Crowd,
): { batch: number; named: string | undefined } | null {
  for (let batch = 0; batch < 30 * crowd.stages.length; batch += 1) {
    const stage = Math.floor(batch / 30);
    if (batch % 30 === 0) enterStage(state, { stage, nonInferiority: {} });
    tellCrowd(state, drawBatch(random, crowd, crowd.stages[stage] ?? 0));
    const { harm } = assess(state);
    if (!harm.harmful) continue;
    const [largest] = harm.attribution.toSorted(
      (one, other) => other.logE - other.limit - (one.logE - one.limit),
    );
    return { batch, named: largest?.hypothesis };
  }
  return null;
}

/** A batch by platform and region. */
function drawBatch(random: Random, crowd: Crowd, share: number): Quad[][] {
  return crowd.platforms.map((platform, at) =>
    crowd.regions.map((region) => {
      const units = random.poisson(2_000 * platform * region);
      const nT = random.binomial(units, share);
      const xT = random.binomial(nT, Math.min(1, crowd.rate * crowd.worse(at)));
      return [nT, xT, units - nT, random.binomial(units - nT, crowd.rate)];
    }),
  );
}

function tellCrowd(state: JudgeState, batch: readonly (readonly Quad[])[]): void {
  const sumOf = (quads: readonly Quad[]) =>
    quads.reduce<Quad>((sum, quad) => add4(sum, quad), [0, 0, 0, 0]);
  if (state.config.slices !== undefined) {
    batch.forEach((row, platform) => tellSlice(state, 'platform', platform, sumOf(row)));
    batch[0]?.forEach((_, region) =>
      tellSlice(
        state,
        'region',
        region,
        sumOf(batch.map((row) => row[region] ?? ([0, 0, 0, 0] as const))),
      ),
    );
  }
  take(state, sumOf(batch.flat()));
}

function tellSlice(state: JudgeState, dimension: string, value: number, quad: Quad): void {
  const id = `${ID}[${dimension}=${value}]`;
  if (!state.hypotheses.some((each) => each.id === id)) {
    if (quad[0] + quad[2] === 0) return;
    add(state, dimension, String(value));
  }
  absorb(state, { hypothesis: id, stage: state.stage, stratum: '0', counts: counts(quad) });
}

describe('two dimensions of eight values', () => {
  const shares = [0.4, 0.2, 0.12, 0.1, 0.08, 0.05, 0.03, 0.02];
  const dimensions = ['platform', 'region'];

  it('cause a false rollback at most alpha of the time, with a look at every batch', () => {
    const runs = runsOf(80);
    const crowd = {
      platforms: shares,
      regions: shares,
      rate: 0.01,
      stages: ALL_STAGES,
      worse: () => 1,
    };
    const alarms = countRuns(runs, (seed) => {
      const state = judgeWith(dimensions, { alphaHarm: 0.05 });
      return watch(state, seeded(seed), crowd) !== null;
    });
    expectAtMostAlpha(alarms, runs, 0.05);
  });

  it('find and name one platform that fails 20 times as often, far sooner than the whole does', () => {
    const crowd = {
      platforms: shares,
      regions: shares,
      rate: 0.005,
      stages: [0.05, 0.05, 0.05],
      worse: (platform: number) => (platform === 5 ? 20 : 1),
    };
    const runs = Array.from({ length: 20 }, (_, seed) => ({
      sliced: watch(judgeWith(dimensions), seeded(seed), crowd),
      whole: watch(judgeWith([]), seeded(seed), crowd),
    }));
    const batches = (of: 'sliced' | 'whole') =>
      runs.map((run) => run[of]?.batch ?? Infinity).sort((one, other) => one - other)[10] ?? 0;
    expect(batches('sliced')).toBeLessThan(0.6 * batches('whole'));
    const named = runs.filter(({ sliced }) => sliced?.named === `${ID}[platform=5]`);
    expect(named.length).toBeGreaterThanOrEqual(18);
  });
});
