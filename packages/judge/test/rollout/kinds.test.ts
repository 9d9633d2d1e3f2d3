import { describe, expect, it } from 'vitest';
import {
  absorb,
  absorbBaselineRequests,
  absorbMeans,
  absorbRequests,
  assess,
  assessTotals,
  enterStage,
  type Hypothesis,
  type JudgeState,
  type Moments,
  NO_MOMENTS,
} from '../../src/index.ts';
import { counts, judgeOf } from '../support/judge.ts';
import { beginAll, KINDS, LATENCY, raiseAll, values } from '../support/kinds.ts';

function takeMeans(
  state: JudgeState,
  {
    fresh,
    carried = NO_MOMENTS,
    control,
    stage = state.stage,
  }: {
    readonly fresh: Moments;
    readonly carried?: Moments;
    readonly control: Moments;
    readonly stage?: number;
  },
): void {
  const treatment = { fresh, carried };
  absorbMeans(state, { hypothesis: 'latency', stage, stratum: '0', treatment, control });
}

function takeRequests(state: JudgeState, [nT, xT, nC, xC]: readonly number[]): void {
  absorbRequests(state, {
    hypothesis: 'denied',
    stage: state.stage,
    stratum: '0',
    treatment: { exposure: nT ?? 0, events: xT ?? 0 },
    control: { exposure: nC ?? 0, events: xC ?? 0 },
  });
}

function logEOf(state: JudgeState, id: string): number {
  const found = assess(state).harm.attribution.find((each) => each.hypothesis === id);
  return found?.logE ?? Number.NaN;
}

describe('a mean', () => {
  it('that is worse than its margin is harm, and named', () => {
    const state = beginAll();
    for (let batch = 0; batch < 10; batch += 1) {
      takeMeans(state, { fresh: values(300, 112), control: values(2_700, 100) });
    }
    const { harm } = assess(state);
    expect(harm.harmful).toBe(true);
    const named = harm.attribution.filter(({ logE, limit }) => logE >= limit);
    expect(named.map((each) => each.hypothesis)).toEqual(['latency']);
  });

  it('that is as good passes, at the present stage alone', () => {
    const state = beginAll();
    for (let batch = 0; batch < 20; batch += 1) {
      takeMeans(state, { fresh: values(300, 100), control: values(2_700, 100) });
    }
    const passed = (of: JudgeState) =>
      assess(of).nonInferiority.find((each) => each.hypothesis === 'latency');
    expect(passed(state)).toMatchObject({ passed: true, units: 6_000, margin: LATENCY.margin });
    raiseAll(state);
    expect(passed(state)).toMatchObject({ passed: false, units: 0, logE: 0 });
    expect(logEOf(state, 'latency')).toBeLessThan(0);
  });

  it('of units that were in treatment before speaks to the start of their stage alone', () => {
    const state = beginAll();
    takeMeans(state, { fresh: values(400, 100), control: values(400, 100) });
    raiseAll(state);
    const before = structuredClone(state.hypotheses[1]?.starts[0]);
    takeMeans(state, { fresh: NO_MOMENTS, carried: values(400, 130), control: values(400, 100) });
    const [first, second] = state.hypotheses[1]?.starts ?? [];
    expect(first).toStrictEqual(before);
    expect(second?.process).toMatchObject({
      strata: { '1|0': { treatment: { count: 400, mean: 130 } } },
    });
    expect(logEOf(state, 'latency')).toBeGreaterThan(0);
  });

  it('is not helped up by a batch of one arm alone', () => {
    const state = beginAll();
    for (let batch = 0; batch < 10; batch += 1) {
      takeMeans(state, { fresh: values(300, 101), control: values(2_700, 100) });
    }
    const before = assess(state);
    takeMeans(state, { fresh: NO_MOMENTS, control: values(100_000, 200) });
    takeMeans(state, { fresh: values(100_000, 10), control: NO_MOMENTS });
    expect(assess(state).harm).toStrictEqual(before.harm);
    expect(assess(state).nonInferiority.map(({ logE }) => logE)).toStrictEqual(
      before.nonInferiority.map(({ logE }) => logE),
    );
  });
});

describe('requests', () => {
  it('that fail twice as often are harm, said to be approximate', () => {
    const state = beginAll();
    for (let batch = 0; batch < 30; batch += 1) takeRequests(state, [1_000, 20, 9_000, 90]);
    const { harm } = assess(state);
    expect(harm.harmful).toBe(true);
    expect(harm.attribution.map(({ approximate }) => approximate)).toEqual([
      undefined,
      undefined,
      true,
    ]);
    expect(assessTotals(state).find(({ stage }) => stage === -1)).toMatchObject({
      kind: 'requests',
      approximate: true,
      treatment: { exposure: 30_000, events: 600 },
      excessEvents: 300,
    });
  });

  it('that fail as often pass, at the present stage alone', () => {
    const state = beginAll();
    for (let batch = 0; batch < 40; batch += 1) takeRequests(state, [1_000, 10, 9_000, 90]);
    const passed = assess(state).nonInferiority.find((each) => each.hypothesis === 'denied');
    expect(passed).toMatchObject({ passed: true, units: 40_000, approximate: true });
    raiseAll(state);
    expect(logEOf(state, 'denied')).toBeLessThan(0);
  });

  it('that come in clusters are judged by the spread between batches alone', () => {
    const state = beginAll();
    for (let batch = 0; batch < 60; batch += 1) {
      const burst = batch % 3 === 0 ? 3 : 0;
      takeRequests(state, [1_000, 10 * burst, 9_000, 90 * burst]);
    }
    expect(assess(state).harm.harmful).toBe(false);
    expect(assessTotals(state).find(({ stage }) => stage === -1)).toMatchObject({
      clustered: true,
      ratio: { lower: 0, upper: Infinity },
    });
  });
});

describe('requests before the rollout', () => {
  it('settle how events come, so that a first burst in treatment is no harm', () => {
    const burst = (knownBefore: boolean) => {
      const state = beginAll();
      for (let batch = 0; knownBefore && batch < 40; batch += 1) {
        const control = { exposure: 10_000, events: batch % 3 === 0 ? 300 : 0 };
        absorbBaselineRequests(state, { hypothesis: 'denied', control });
      }
      takeRequests(state, [1_000, 40, 9_000, 60]);
      return assess(state).harm.harmful;
    };
    expect(burst(false)).toBe(true);
    expect(burst(true)).toBe(false);
  });

  it('of which one figure comes per batch are never taken for counts', () => {
    const own = { ...KINDS[2], weight: 1, values: true, baselineRate: 480 } as Hypothesis;
    const state = judgeOf([own]);
    enterStage(state, { stage: 0, nonInferiority: {} });
    for (let batch = 0; batch < 30; batch += 1) takeRequests(state, [1, 520, 1, 480]);
    expect(assess(state).harm.logE).toBeCloseTo(0, 12);
    for (let batch = 0; batch < 60; batch += 1) {
      takeRequests(state, [1, 600 + (batch % 5) * 10, 1, 480 + (batch % 7) * 10]);
    }
    expect(assess(state).harm.harmful).toBe(true);
  });
});

describe('all kinds together', () => {
  it('enter one sum of harm', () => {
    const state = beginAll();
    absorb(state, {
      hypothesis: 'errors',
      stage: 0,
      stratum: '0',
      counts: counts([1_000, 8, 9_000, 36]),
    });
    takeMeans(state, { fresh: values(300, 112), control: values(2_700, 100) });
    takeRequests(state, [1_000, 18, 9_000, 90]);
    const parts = ['errors', 'latency', 'denied'].map((id) => Math.exp(logEOf(state, id)));
    const [errors = 0, latency = 0, denied = 0] = parts;
    expect(Math.min(...parts)).toBeGreaterThan(1);
    expect(assess(state).harm.logE).toBeCloseTo(
      Math.log(0.4 * errors + 0.3 * latency + 0.3 * denied),
      10,
    );
  });

  it('must all pass before anything is safe', () => {
    const state = beginAll();
    for (let batch = 0; batch < 60; batch += 1) {
      absorb(state, {
        hypothesis: 'errors',
        stage: 0,
        stratum: '0',
        counts: counts([1_000, 1, 9_000, 9]),
      });
      takeRequests(state, [1_000, 10, 9_000, 90]);
    }
    expect(assess(state).safe).toBe(false);
    for (let batch = 0; batch < 20; batch += 1) {
      takeMeans(state, { fresh: values(300, 100), control: values(2_700, 100) });
    }
    expect(assess(state).safe).toBe(true);
  });
});
