import { describe, expect, it } from 'vitest';
import { addStart, assess, verdictOf } from '../../src/index.ts';
import { enter, hypothesis, judgeOf, shareAt, take } from '../support/judge.ts';

const LIMIT = Math.log(100);

describe('harm', () => {
  it('is shown by a doubling, after about as many bad outcomes as were announced', () => {
    const state = judgeOf([hypothesis({ harmNull: { ratio: 1, excess: 0 } })]);
    enter(state, 0);
    let extra = 0;
    while (!assess(state).harm.harmful) {
      take(state, [1000, 2, 99_000, 99]);
      extra += 1;
      if (extra > 60) break;
    }
    // 19 are announced for a bet that knows the ratio; the mixture has its neighbours to help.
    expect(extra).toBeGreaterThan(12);
    expect(extra).toBeLessThan(24);
    expect(verdictOf(assess(state), { blind: true })).toBe('harmful');
  });

  it('is not shown by the same counts in both arms, and is no evidence for either side at first', () => {
    const state = judgeOf();
    expect(assess(state).harm).toMatchObject({ logE: 0, harmful: false });
    enter(state, 0);
    expect(assess(state).harm.logE).toBeCloseTo(0, 12);
    expect(assess(state).harm.limit).toBeCloseTo(LIMIT, 12);
  });

  it('names the hypothesis that would be enough alone', () => {
    const state = judgeOf([
      hypothesis({ id: 'errors', weight: 0.5 }),
      hypothesis({ id: 'latency', weight: 0.5 }),
    ]);
    enter(state, 0);
    take(state, [1000, 60, 9000, 90], { id: 'errors' });
    take(state, [1000, 10, 9000, 90], { id: 'latency' });
    const { harm } = assess(state);
    expect(harm.harmful).toBe(true);
    expect(harm.attribution.map(({ logE, limit }) => logE >= limit)).toEqual([true, false]);
    expect(harm.attribution[0]?.limit).toBeCloseTo(Math.log(200), 12);
  });

  it('adds up within a horizon and is kept apart between horizons', () => {
    const quad = [1000, 20, 9000, 90] as const;
    const logE = (second: number) => {
      const state = judgeOf([
        hypothesis({ id: 'one', weight: 0.5 }),
        hypothesis({ id: 'two', weight: 0.5, horizonMs: second }),
      ]);
      enter(state, 0);
      take(state, quad, { id: 'one' });
      take(state, quad, { id: 'two' });
      return assess(state).harm.logE;
    };
    expect(logE(60_000) - logE(3_600_000)).toBeCloseTo(Math.log(2), 12);
  });

  it('of signals is kept apart from that of guardrails', () => {
    const state = judgeOf([
      hypothesis({ id: 'errors' }),
      hypothesis({ id: 'orders', role: 'signal' }),
    ]);
    enter(state, 0);
    take(state, [1000, 80, 9000, 90], { id: 'orders' });
    const { harm, signals } = assess(state);
    expect(signals.harmful).toBe(true);
    expect(harm).toMatchObject({ harmful: false, logE: expect.closeTo(0, 12) as number });
    expect(verdictOf(assess(state), { blind: false })).toBe('inconclusive');
  });

  it('that begins at a later stage is found in spite of a long good past', () => {
    const withPast = judgeOf();
    enter(withPast, 0);
    for (let batch = 0; batch < 300; batch += 1) take(withPast, [1000, 1, 19_000, 19]);
    enter(withPast, 1);
    for (let batch = 0; batch < 20; batch += 1) take(withPast, [5000, 10, 15_000, 15]);
    expect(assess(withPast).harm.harmful).toBe(true);
  });

  it('that begins late in a long stage is found from a later start', () => {
    const leak = (starts: boolean) => {
      const state = judgeOf([hypothesis()], { laterStarts: starts });
      enter(state, 0);
      for (let batch = 0; batch < 2000; batch += 1) take(state, [1000, 1, 9000, 9]);
      if (starts) addStart(state);
      for (let batch = 0; batch < 60; batch += 1) take(state, [1000, 2, 9000, 9]);
      return assess(state).harm;
    };
    expect(leak(true).harmful).toBe(true);
    expect(leak(false).harmful).toBe(false);
  });

  it('of units of an earlier stage that close late still counts, but in no start begun since', () => {
    const state = judgeOf();
    enter(state, 0);
    enter(state, 1);
    take(state, [1000, 40, 9000, 90], { stage: 0 });
    const found = shareAt(state).starts.map(({ process }) => process.control.units);
    expect(found).toEqual([9000, 0]);
    expect(assess(state).harm.logE).toBeGreaterThan(0);
    expect(assess(state).nonInferiority[0]?.logE).toBeCloseTo(0, 12);
  });

  it('never uses more weight than there is, however many starts follow', () => {
    const state = judgeOf([hypothesis()], { laterStarts: true });
    for (let stage = 0; stage < 7; stage += 1) {
      enter(state, stage);
      for (let start = 0; start < 40; start += 1) addStart(state);
    }
    const starts = state.hypotheses[0]?.starts ?? [];
    expect(starts).toHaveLength(7 * 41);
    expect(starts.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThan(1);
    expect(assess(state).harm.logE).toBeCloseTo(0, 9);
  });
});
