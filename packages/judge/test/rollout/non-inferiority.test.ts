import { describe, expect, it } from 'vitest';
import { absorbAssignments, assess, assessTotals, enterStage, verdictOf } from '../../src/index.ts';
import { enter, hypothesis, judgeOf, MARGIN, take } from '../support/judge.ts';

describe('non-inferiority', () => {
  it('passes with enough good units, from the present stage alone, and then starts afresh', () => {
    const state = judgeOf();
    enter(state, 0);
    for (let batch = 0; batch < 30; batch += 1) take(state, [1000, 1, 9000, 9]);
    const passed = assess(state);
    expect(passed.nonInferiority[0]).toMatchObject({ passed: true, units: 30_000, null: MARGIN });
    expect(passed.safe).toBe(true);
    expect(verdictOf(passed, { blind: false })).toBe('safe');
    expect(verdictOf(passed, { blind: true })).toBe('blind');
    enter(state, 1);
    expect(assess(state).safe).toBe(false);
    expect(assess(state).nonInferiority[0]).toMatchObject({ passed: false, units: 0 });
    take(state, [100_000, 100, 900_000, 900], { stage: 0 });
    expect(assess(state).nonInferiority[0]?.logE).toBeCloseTo(0, 12);
  });

  it('is not fed by batches that may only speak of harm', () => {
    const state = judgeOf();
    enter(state, 0);
    for (let batch = 0; batch < 30; batch += 1) {
      take(state, [1000, 1, 9000, 9], { harmOnly: true });
    }
    const [found] = assess(state).nonInferiority;
    expect(found?.passed).toBe(false);
    expect(found?.logE).toBeCloseTo(0, 12);
    take(state, [1000, 100, 9000, 9], { harmOnly: true });
    expect(assess(state).harm.harmful).toBe(true);
    expect(assessTotals(state).find(({ stage }) => stage === 0)).toMatchObject({
      treatment: { units: 31_000 },
    });
  });

  it('does not pass at the margin, however many units there are', () => {
    const state = judgeOf();
    enter(state, 0);
    // control 1 %, treatment exactly 1.05 % + 0.1 %.
    for (let batch = 0; batch < 1000; batch += 1) take(state, [10_000, 115, 10_000, 100]);
    expect(assess(state).safe).toBe(false);
  });

  it('of one guardrail does not make up for another', () => {
    const state = judgeOf([
      hypothesis({ id: 'errors', weight: 0.5 }),
      hypothesis({ id: 'latency', weight: 0.5 }),
    ]);
    enter(state, 0);
    for (let batch = 0; batch < 100; batch += 1) take(state, [1000, 1, 9000, 9], { id: 'errors' });
    expect(assess(state).nonInferiority.map(({ passed }) => passed)).toEqual([true, false]);
    expect(assess(state).safe).toBe(false);
  });

  it('cannot be passed by a guardrail that was given no margin', () => {
    const state = judgeOf([
      hypothesis({ id: 'errors', weight: 0.5 }),
      hypothesis({ id: 'latency', weight: 0.5 }),
    ]);
    enterStage(state, { stage: 0, nonInferiority: { errors: MARGIN } });
    for (let batch = 0; batch < 100; batch += 1) take(state, [1000, 1, 9000, 9], { id: 'errors' });
    expect(assess(state).nonInferiority).toMatchObject([{ hypothesis: 'errors', passed: true }]);
    expect(assess(state).safe).toBe(false);
  });

  it('says nothing where there are no guardrails', () => {
    const state = judgeOf([hypothesis({ role: 'signal' })]);
    enter(state, 0);
    for (let batch = 0; batch < 100; batch += 1) take(state, [1000, 1, 9000, 9]);
    expect(assess(state)).toMatchObject({ safe: false, nonInferiority: [] });
  });

  it('is not called safe while the arms do not have the sizes they should', () => {
    const state = judgeOf();
    enter(state, 0);
    for (let batch = 0; batch < 30; batch += 1) take(state, [1000, 1, 9000, 9]);
    const assignments = { stage: 0, stratum: '0', expectedTreatmentShare: 0.5 };
    absorbAssignments(state, { ...assignments, treatment: 92_000, control: 100_000 });
    const found = assess(state);
    expect(found.srm.alarm).toBe(true);
    expect(found.srm.treatmentDeficit).toBeCloseTo(0.08, 12);
    expect(found.safe).toBe(true);
    expect(verdictOf(found, { blind: false })).toBe('inconclusive');
  });
});
