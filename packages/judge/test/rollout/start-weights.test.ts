import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absorbRequests, addStart, assess, stageWeight } from '../../src/index.ts';
import { enter, hypothesis, judgeOf, take } from '../support/judge.ts';

const LENGTHS = [3, 5, 6, 7, 12, 20, 40];

describe('weights of the starts of stages', () => {
  it('are 1/2, 1/6, 1/12, …: above 0 for every stage, and together below 1', () => {
    expect([0, 1, 2, 3].map((stage) => stageWeight({}, stage))).toEqual([
      1 / 2,
      1 / 6,
      1 / 12,
      1 / 20,
    ]);
    let sum = 0;
    for (let stage = 0; stage < 10_000; stage += 1) {
      const weight = stageWeight({}, stage);
      expect(weight).toBeGreaterThan(0);
      sum += weight;
      // The sum telescopes to 1 - 1 / (k + 1).
      if (stage % 1000 === 999) expect(1 - sum).toBeCloseTo(1 / (stage + 2), 12);
    }
  });

  it('are those that a configuration names, and share without end what these leave', () => {
    const named = fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { maxLength: 5 });
    fc.assert(
      fc.property(named, (startWeights) => {
        const left = 1 - startWeights.reduce((sum, weight) => sum + weight, 0);
        let sum = 0;
        for (let stage = 0; stage < 200; stage += 1) {
          const weight = stageWeight({ startWeights }, stage);
          if (stage < startWeights.length) expect(weight).toBe(startWeights[stage]);
          else if (left > 0) expect(weight).toBeGreaterThan(0);
          sum += weight;
        }
        expect(sum).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('leave a capital of 1 before the data, whatever stages and later starts there are', () => {
    const some = fc.array(fc.nat(30), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(some, fc.boolean(), (laterStarts, isLong) => {
        const state = judgeOf([hypothesis()], { laterStarts: isLong });
        laterStarts.forEach((count, stage) => {
          enter(state, stage);
          if (isLong) for (let start = 0; start < count; start += 1) addStart(state);
        });
        const weights = state.hypotheses[0]?.starts.map(({ weight }) => weight) ?? [];
        expect(weights.every((weight) => weight > 0)).toBe(true);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(1);
        expect(assess(state).harm.logE).toBeCloseTo(0, 9);
      }),
    );
  });
});

describe.each(LENGTHS)('harm that begins at the last of %i stages', (stages) => {
  const last = stages - 1;

  it('is found by unit', () => {
    const state = judgeOf();
    for (let stage = 0; stage < stages; stage += 1) {
      enter(state, stage);
      for (let batch = 0; batch < 30; batch += 1) take(state, [500, 5, 500, 5]);
    }
    for (let batch = 0; batch < 10; batch += 1) take(state, [500, 25, 500, 5]);
    expect(assess(state).harm.harmful).toBe(true);
  });

  it('is found in units that every earlier stage had in treatment', () => {
    const state = judgeOf();
    for (let stage = 0; stage < stages; stage += 1) {
      enter(state, stage);
      take(state, [500, 5, 500, 5], { carried: stage === 0 ? [0, 0] : [500, 5] });
    }
    for (let batch = 0; batch < 3; batch += 1) {
      take(state, [500, 250, 500, 5], { carried: last === 0 ? [0, 0] : [500, 250] });
    }
    expect(assess(state).harm.harmful).toBe(true);
  });

  it('is found by request, with the same error as in few stages', () => {
    const requests = {
      id: 'errors',
      metric: 'errors',
      horizonMs: 0,
      role: 'guardrail',
      weight: 1,
      kind: 'requests',
      harmNull: { ratio: 1.05, excess: 0 },
      baselineRate: 0.01,
    } as const;
    const state = judgeOf([requests]);
    const batch = (stage: number, events: number) =>
      absorbRequests(state, {
        ...{ hypothesis: 'errors', stage, stratum: '0' },
        treatment: { exposure: 500, events },
        control: { exposure: 500, events: 5 },
      });
    for (let stage = 0; stage < stages; stage += 1) {
      enter(state, stage);
      for (let count = 0; count < 5; count += 1) batch(stage, 5);
    }
    expect(assess(state).harm.logE).toBeLessThan(Math.log(2));
    for (let count = 0; count < 5; count += 1) batch(last, 500);
    expect(assess(state).harm.harmful).toBe(true);
  });
});
