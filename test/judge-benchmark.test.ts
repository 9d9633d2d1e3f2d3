import { describe, expect, it } from 'vitest';
import { DOWNHAUL, DOWNHAUL_BY_UNIT } from '../bench/judges/judge/downhaul/downhaul.ts';
import type { Judge } from '../bench/judges/judge/types.ts';
import { NAIVE_Z } from '../bench/judges/judge/naive-z.ts';
import { replay } from '../bench/judges/replay/replay.ts';
import { diurnal } from '../bench/judges/scenario/parts.ts';
import { SCENARIOS } from '../bench/judges/scenario/all.ts';
import type { Scenario } from '../bench/judges/scenario/types.ts';
import { wilson } from '../bench/judges/score/wilson.ts';
import { makeTrace } from '../bench/judges/trace/make-trace.ts';
import { binomial, poisson, randomOf } from '../bench/judges/trace/random.ts';

const ALPHA = 0.01;

function scenarioOf(number: string): Scenario {
  return SCENARIOS.find(({ key }) => key.startsWith(number)) ?? expect.fail(`no ${number}`);
}

function judgeOf(key: string): Judge {
  return DOWNHAUL.find((judge) => judge.key === key) ?? expect.fail(`no ${key}`);
}

function run(
  judge: Judge,
  scenario: Scenario,
  { seed, minutes }: { seed: number; minutes: number },
) {
  const world = scenario.world(randomOf(`${scenario.key}/${seed}/world`));
  return replay(judge, { trace: makeTrace(scenario, seed), scenario, world, minutes });
}

describe('the benchmark of judges', () => {
  it('shows no harm where both arms are the same, beyond alpha', () => {
    const over = (judge: Judge) =>
      ['01', '02', '03'].flatMap((number) =>
        [1, 2, 3].map((seed) => run(judge, scenarioOf(number), { seed, minutes: 480 }).log),
      );
    const logs = over(judgeOf('downhaul-holdback'));
    const harmed = logs.filter((log) => log.some(({ reason }) => reason === 'harm')).length;
    expect(wilson(harmed, logs.length).lower).toBeLessThanOrEqual(ALPHA);
    // The same traces do fool a test that ignores how often it looks.
    const fooled = over(NAIVE_Z).filter((log) => log.some(({ does }) => does === 'rollback'));
    expect(wilson(fooled.length, logs.length).lower).toBeGreaterThan(ALPHA);
  });

  it('takes a doubling down, and decides the same again from the same seed', () => {
    const step = scenarioOf('06');
    const [once, again] = [1, 1].map((seed) =>
      run(judgeOf('downhaul'), step, { seed, minutes: 1_440 }),
    );
    expect(once?.log.at(-1)).toMatchObject({ does: 'rollback', reason: 'harm' });
    expect(again?.log).toEqual(once?.log);
    expect(again?.excessBad).toBe(once?.excessBad);
  });

  it('never goes up while nothing is heard of control', () => {
    const { log, reachedAllAt } = run(judgeOf('downhaul'), scenarioOf('16'), {
      seed: 1,
      minutes: 240,
    });
    expect(reachedAllAt).toBeUndefined();
    expect(log.filter(({ minute, does }) => does === 'advance' && minute > 36)).toEqual([]);
  });
});

describe('counts in the place of units', () => {
  const frequent: Scenario = {
    ...scenarioOf('01'),
    key: 'frequent',
    world: (random) => diurnal(random, { unitsPerMinute: 150, baseRate: 0.05 }),
  };

  it.each<[string, Scenario]>([
    ['healthy', frequent],
    [
      'harmful late',
      {
        ...frequent,
        world: (random) =>
          diurnal(random, { unitsPerMinute: 150, baseRate: 0.05 }, (_, stage) =>
            stage >= 2 ? 1.8 : 1,
          ),
      },
    ],
    [
      'late, twice and out of order',
      {
        ...frequent,
        world: (random) => ({
          ...diurnal(random, { unitsPerMinute: 150, baseRate: 0.05 }),
          delayAt: (minute) => (minute % 17 === 3 ? 2 : 0),
          isTwice: (minute) => minute % 7 === 0,
        }),
      },
    ],
    [
      'silent treatment',
      {
        ...frequent,
        world: (random) => ({
          ...diurnal(random, { unitsPerMinute: 400, baseRate: 0.05 }),
          lost: (minute, arm) => (arm === 'treatment' && minute > 40 ? 1 : 0),
        }),
      },
    ],
  ])('decide as the units themselves: %s', (_, scenario) => {
    const terms = { seed: 5, minutes: 500 };
    const counted = run(judgeOf('downhaul'), scenario, terms);
    const told = run(DOWNHAUL_BY_UNIT, scenario, terms);
    expect(counted.log.length).toBeGreaterThan(1);
    expect(counted.log).toEqual(told.log);
  });
});

describe('the draws of the traces', () => {
  it.each([
    [5, 0.3],
    [2_000, 0.001],
    [2_000, 0.4],
    [40, 0.97],
  ])('binomial(%i, %f) has the mean and variance of its law', (count, chance) => {
    const random = randomOf('binomial');
    const draws = Array.from({ length: 20_000 }, () => binomial(random, count, chance));
    holdsMoments(draws, { mean: count * chance, variance: count * chance * (1 - chance) });
  });

  it.each([0.7, 25, 2_000])('poisson(%f) has the mean and variance of its law', (mean) => {
    const random = randomOf('poisson');
    const draws = Array.from({ length: 20_000 }, () => poisson(random, mean));
    holdsMoments(draws, { mean, variance: mean });
  });

  it('couples both outcomes: without an effect they are the same units', () => {
    const { outcomes } = makeTrace(scenarioOf('01'), 3);
    for (const { bad0, bad1 } of outcomes) for (const bad of bad1) expect(bad).toEqual(bad0);
  });
});

function holdsMoments(draws: readonly number[], law: { mean: number; variance: number }): void {
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean - law.mean)).toBeLessThan(5 * Math.sqrt(law.variance / draws.length));
  expect(variance / law.variance).toBeGreaterThan(0.93);
  expect(variance / law.variance).toBeLessThan(1.07);
}
