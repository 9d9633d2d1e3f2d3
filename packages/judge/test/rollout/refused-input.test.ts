import { describe, expect, it } from 'vitest';
import {
  absorb,
  absorbAssignments,
  addStart,
  attemptAlpha,
  bet,
  enterStage,
  JudgeInputError,
  riskRatio,
  srmLogE,
} from '../../src/index.ts';
import { counts, enter, hypothesis, judgeOf, MARGIN, type Quad } from '../support/judge.ts';

function refusal(call: () => unknown): Pick<JudgeInputError, 'code' | 'field' | 'message'> {
  try {
    call();
  } catch (error) {
    if (error instanceof JudgeInputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('refused counts', () => {
  it.each<[string, Quad, string, string]>([
    ['NaN', [Number.NaN, 0, 10, 0], 'count_invalid', 'counts.treatment.units'],
    ['negative', [10, -1, 10, 0], 'count_invalid', 'counts.treatment.bad'],
    ['not whole', [10, 0, 10.5, 0], 'count_invalid', 'counts.control.units'],
    ['too large', [10, 0, 2 ** 53, 0], 'count_invalid', 'counts.control.units'],
    ['infinite', [Infinity, 0, 10, 0], 'count_invalid', 'counts.treatment.units'],
    ['more bad than units', [10, 0, 10, 11], 'more_bad_than_units', 'counts.control.bad'],
  ])('%s', (_, quad, code, field) => {
    const state = judgeOf();
    enter(state, 0);
    const before = structuredClone(state);
    const batch = { hypothesis: 'http.error_rate@60000', stage: 0, stratum: '0' };
    const found = refusal(() => absorb(state, { ...batch, counts: counts(quad) }));
    expect(found).toMatchObject({ code, field });
    expect(found.message).toMatch(/accepted/);
    expect(state).toStrictEqual(before);
  });

  it('that overflow only together, and then nothing has changed', () => {
    const state = judgeOf();
    enter(state, 0);
    const batch = { hypothesis: 'http.error_rate@60000', stage: 0, stratum: '0' };
    absorb(state, { ...batch, counts: counts([2 ** 53 - 2, 0, 5, 0]) });
    const before = structuredClone(state);
    const found = refusal(() => absorb(state, { ...batch, counts: counts([2, 0, 5, 0]) }));
    expect(found.code).toBe('count_invalid');
    expect(state).toStrictEqual(before);
  });
});

describe('refused batches', () => {
  const state = judgeOf();
  enter(state, 0);
  const batch = { hypothesis: 'http.error_rate@60000', stage: 0, stratum: '0' };
  const some = counts([10, 0, 10, 0]);
  it.each([
    [{ ...batch, hypothesis: 'nothing' }, 'hypothesis_unknown', 'hypothesis'],
    [{ ...batch, stage: 1 }, 'stage_not_entered', 'stage'],
    [{ ...batch, stage: -1 }, 'stage_not_entered', 'stage'],
    [{ ...batch, stage: 0.5 }, 'stage_not_entered', 'stage'],
  ])('%j', (wrong, code, field) => {
    expect(refusal(() => absorb(state, { ...wrong, counts: some }))).toMatchObject({ code, field });
  });

  const assignment = {
    stage: 0,
    stratum: '0',
    expectedTreatmentShare: 0.5,
    treatment: 1,
    control: 1,
  };
  it.each([
    [{ expectedTreatmentShare: 1.1 }, 'share_out_of_range', 'expectedTreatmentShare'],
    [{ expectedTreatmentShare: Number.NaN }, 'share_out_of_range', 'expectedTreatmentShare'],
    [{ treatment: -1 }, 'count_invalid', 'treatment'],
    [{ control: 0.5 }, 'count_invalid', 'control'],
    [{ stage: -1 }, 'count_invalid', 'stage'],
  ])('assignments with %j', (wrong, code, field) => {
    const call = () => absorbAssignments(state, { ...assignment, ...wrong });
    expect(refusal(call)).toMatchObject({ code, field });
    expect(state.assignments).toStrictEqual({});
  });
});

describe('refused configurations', () => {
  it.each([
    [{ alphaHarm: 0 }, 'alpha_out_of_range', 'alphaHarm'],
    [{ alphaNonInferiority: 1 }, 'alpha_out_of_range', 'alphaNonInferiority'],
    [{ alphaSrm: Number.NaN }, 'alpha_out_of_range', 'alphaSrm'],
    [{ startWeights: [0.6, 0.6] }, 'weights_sum_invalid', 'startWeights'],
    [{ startWeights: [-0.1] }, 'number_out_of_range', 'startWeights[0]'],
  ])('%j', (change, code, field) => {
    expect(refusal(() => judgeOf([hypothesis()], change))).toMatchObject({ code, field });
  });

  it.each([
    [{ harmNull: { ratio: 0, excess: 0 } }, 'null_ratio_invalid', 'hypotheses[0].harmNull.ratio'],
    [
      { harmNull: { ratio: 1, excess: -1 } },
      'number_out_of_range',
      'hypotheses[0].harmNull.excess',
    ],
    [{ harmNull: { ratio: 1, excess: 1 } }, 'null_impossible', 'hypotheses[0].harmNull.excess'],
    [{ baselineRate: 1.01 }, 'share_out_of_range', 'hypotheses[0].baselineRate'],
    [{ horizonMs: -1 }, 'number_out_of_range', 'hypotheses[0].horizonMs'],
    [{ weight: 0.5 }, 'weights_sum_invalid', 'weights of guardrails'],
  ])('hypothesis with %j', (change, code, field) => {
    expect(refusal(() => judgeOf([hypothesis(change)]))).toMatchObject({ code, field });
  });

  it('two hypotheses of one id', () => {
    const twice = [hypothesis({ weight: 0.5 }), hypothesis({ weight: 0.5 })];
    expect(refusal(() => judgeOf(twice)).code).toBe('hypothesis_repeated');
  });
});

describe('refused stages', () => {
  it.each([
    [{ stage: 0 }, 'stage_not_rising'],
    [{ stage: 1.5 }, 'stage_not_rising'],
    [{ nonInferiority: { nothing: MARGIN } }, 'hypothesis_unknown'],
    [{ harmNull: { 'http.error_rate@60000': { ratio: -1, excess: 0 } } }, 'null_ratio_invalid'],
    [{ baselineRates: { 'http.error_rate@60000': 2 } }, 'share_out_of_range'],
  ])('%j', (change, code) => {
    const state = judgeOf();
    enter(state, 0);
    const before = structuredClone(state);
    const call = () => enterStage(state, { stage: 1, nonInferiority: {}, ...change });
    expect(refusal(call).code).toBe(code);
    expect(state).toStrictEqual(before);
  });

  it('later starts that were not announced, or come before the first stage', () => {
    const state = judgeOf();
    enter(state, 0);
    expect(refusal(() => addStart(state)).code).toBe('later_starts_off');
    const early = judgeOf([hypothesis()], { laterStarts: true });
    expect(refusal(() => addStart(early)).code).toBe('stage_not_entered');
  });
});

describe('refused figures', () => {
  const input = { null: MARGIN, multiplier: 2, controlRate: 0.001, exposureRatio: 1 };
  it.each([
    [() => bet({ ...input, multiplier: 0 }), 'number_out_of_range', 'multiplier'],
    [() => bet({ ...input, exposureRatio: Infinity }), 'number_out_of_range', 'exposureRatio'],
    [() => bet({ ...input, controlRate: Number.NaN }), 'share_out_of_range', 'controlRate'],
    [() => attemptAlpha(0.01, 0), 'attempt_out_of_range', 'attempt'],
    [() => attemptAlpha(0.01, Number.NaN), 'attempt_out_of_range', 'attempt'],
    [() => srmLogE({ treatment: 1, control: 1 }, 1), 'alpha_out_of_range', 'share'],
    [() => riskRatio([], 2), 'alpha_out_of_range', 'alpha'],
  ])('%s', (call, code, field) => {
    expect(refusal(call)).toMatchObject({ code, field });
  });
});

describe('attempts', () => {
  it('share one budget', () => {
    expect([1, 2, 3].map((attempt) => attemptAlpha(0.01, attempt))).toEqual([
      0.005, 0.0025, 0.00125,
    ]);
  });
});
