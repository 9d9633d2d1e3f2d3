import { describe, expect, it } from 'vitest';
import { absorbAssignments, assess } from '../../src/index.ts';
import { enter, judgeOf } from '../support/judge.ts';
import { seeded } from '../support/random.ts';

function stateAfter(
  batches: readonly (readonly [stage: number, share: number, nT: number, nC: number])[],
) {
  const state = judgeOf();
  enter(state, 0);
  for (const [stage, expectedTreatmentShare, treatment, control] of batches) {
    absorbAssignments(state, { stage, stratum: '0', expectedTreatmentShare, treatment, control });
  }
  return assess(state).srm;
}

describe('sample ratio mismatch in a rollout', () => {
  it('multiplies stages, each at its own share', () => {
    const found = stateAfter([
      [0, 0.01, 92, 9_908],
      [1, 0.05, 460, 9_540],
    ]);
    expect(found.logE.toFixed(10)).toBe('-0.4649135698');
    expect(found.limit).toBeCloseTo(6.907755, 6);
  });

  it('depends on the sums of a stage, not on its batches', () => {
    const once = stateAfter([[0, 0.5, 4_600, 5_000]]);
    const split = stateAfter([
      [0, 0.5, 4_000, 1_000],
      [0, 0.5, 600, 4_000],
    ]);
    expect(split).toEqual(once);
  });

  it.each([
    [0.5, 9_200, 10_000, 0.08],
    [0.01, 920, 99_000, 0.08],
    [0.5, 10_000, 9_000, -1 / 9],
    [0.5, 0, 500, 1],
    [0.5, 500, 0, -1],
    [0.5, 0, 0, 0],
  ])('at %d with %d and %d treatment misses %d', (share, treatment, control, expected) => {
    expect(stateAfter([[0, share, treatment, control]]).treatmentDeficit).toBeCloseTo(expected, 12);
  });

  it('tests nothing where everyone or nobody was to be treated', () => {
    expect(stateAfter([[0, 1, 500, 3]])).toMatchObject({ logE: 0, alarm: false });
    expect(stateAfter([[0, 0, 3, 500]])).toMatchObject({ logE: 0, alarm: false });
  });

  it('is not raised by a raise: units formerly in control move with the conditional share', () => {
    const alarms = Array.from({ length: 100 }, (_, seed) => raiseShares(seed)).filter(Boolean);
    expect(alarms.length).toBeLessThanOrEqual(1);
  });

  it('is raised when 8 % of the treatment assignments are lost, by the 30,000th unit at 50 %', () => {
    const random = seeded(7);
    const treatment = random.binomial(15_000, 0.92);
    expect(stateAfter([[0, 0.5, treatment, 15_000]]).alarm).toBe(true);
  });
});

/** 20,000 units seen at 1, 5, 25 and 50 %: first all of them, later those formerly in control. */
function raiseShares(seed: number): boolean {
  const random = seeded(seed);
  const state = judgeOf();
  enter(state, 0);
  let formerlyControl = 20_000;
  let before = 0;
  let alarm = false;
  for (const [stage, share] of [0.01, 0.05, 0.25, 0.5].entries()) {
    const conditional = (share - before) / (1 - before);
    const tested = Math.floor(formerlyControl / 10);
    for (let batch = 0; batch < 10; batch += 1) {
      const treatment = random.binomial(tested, conditional);
      const control = tested - treatment;
      formerlyControl -= treatment;
      const expectedTreatmentShare = conditional;
      absorbAssignments(state, { stage, stratum: '0', expectedTreatmentShare, treatment, control });
      alarm ||= assess(state).srm.alarm;
    }
    before = share;
  }
  return alarm;
}
