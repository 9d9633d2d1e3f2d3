import { describe, expect, it } from 'vitest';
import { DOWNHAUL } from '../bench/judges/judge/downhaul/downhaul.ts';
import type { Judge } from '../bench/judges/judge/types.ts';
import { NAIVE_Z } from '../bench/judges/judge/naive-z.ts';
import { replay } from '../bench/judges/replay/replay.ts';
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

function run(judge: Judge, scenario: Scenario, seed: number) {
  const world = scenario.world(randomOf(`${scenario.key}/${seed}/world`));
  return replay(judge, { trace: makeTrace(scenario, seed), scenario, world });
}

describe('the benchmark of judges', () => {
  it('shows no harm where both arms are the same, beyond alpha', () => {
    const scenarios = ['01', '02', '03'].map(scenarioOf);
    const logs = scenarios.flatMap((scenario) =>
      [1, 2].map((seed) => run(judgeOf('downhaul-holdback'), scenario, seed).log),
    );
    const harmed = logs.filter((log) => log.some(({ reason }) => reason === 'harm')).length;
    expect(wilson(harmed, logs.length).lower).toBeLessThanOrEqual(ALPHA);
    // The same traces do fool a test that ignores how often it looks.
    const fooled = scenarios.flatMap((scenario) =>
      [1, 2].filter((seed) => run(NAIVE_Z, scenario, seed).rolledBackAt !== undefined),
    );
    expect(fooled.length).toBeGreaterThan(0);
  });

  it('takes a doubling down, and decides the same again from the same seed', () => {
    const step = scenarioOf('06');
    const [once, again] = [1, 1].map((seed) => run(judgeOf('downhaul'), step, seed));
    expect(once?.log.at(-1)).toMatchObject({ does: 'rollback', reason: 'harm' });
    expect(again?.log).toEqual(once?.log);
    expect(again?.excessBad).toBe(once?.excessBad);
  });

  it('never goes up while nothing is heard of control', () => {
    const { log, reachedAllAt } = run(judgeOf('downhaul'), scenarioOf('16'), 1);
    expect(reachedAllAt).toBeUndefined();
    expect(log.filter(({ minute, does }) => does === 'advance' && minute > 36)).toEqual([]);
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
