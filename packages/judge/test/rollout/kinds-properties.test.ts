import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absorb,
  absorbMeans,
  absorbRequests,
  addSlice,
  assess,
  assessTotals,
  createJudge,
  enterStage,
  JudgeInputError,
  type JudgeState,
  type Moments,
  NO_MOMENTS,
} from '../../src/index.ts';
import { counts, judgeOf, type Quad } from '../support/judge.ts';
import { beginAll, happen, type Happening, KINDS, LATENCY, values } from '../support/kinds.ts';

const SLICED = { slices: { dimensions: ['platform'] } };

const quad: fc.Arbitrary<Quad> = fc
  .tuple(fc.nat({ max: 900 }), fc.nat({ max: 40 }), fc.nat({ max: 3_000 }), fc.nat({ max: 60 }))
  .map(([nT, xT, nC, xC]) => [nT, Math.min(nT, xT), nC, Math.min(nC, xC)] as const);
const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom('raise', 'start', 'slice', 'share', 'mean', 'requests', 'share', 'mean'),
  quad,
  sliced: fc.boolean(),
  late: fc.boolean(),
  harmOnly: fc.boolean(),
});
const history = fc.array(happening, { maxLength: 40 });

describe('a judge of all kinds and of slices', () => {
  it('goes on from JSON bit for bit, at any point', () => {
    fc.assert(
      fc.property(history, (all) => {
        const straight = beginAll(SLICED);
        let stored = beginAll(SLICED);
        for (const each of all) {
          happen(straight, each);
          happen(stored, each);
          stored = JSON.parse(JSON.stringify(stored)) as JudgeState;
        }
        expect(stored).toStrictEqual(JSON.parse(JSON.stringify(straight)));
        expect(assess(stored)).toStrictEqual(assess(straight));
        expect(assessTotals(stored)).toStrictEqual(assessTotals(straight));
      }),
      { numRuns: 60 },
    );
  });

  it('is not moved by looking', () => {
    fc.assert(
      fc.property(history, (all) => {
        const watched = beginAll(SLICED);
        const alone = beginAll(SLICED);
        for (const each of all) {
          happen(watched, each);
          assess(watched);
          assessTotals(watched);
          happen(alone, each);
        }
        expect(watched).toStrictEqual(alone);
      }),
      { numRuns: 40 },
    );
  });

  it('takes no evidence from a batch without units, nor from one arm alone', () => {
    fc.assert(
      fc.property(history, quad, fc.boolean(), (all, [nT, xT, nC, xC], isTreatment) => {
        const state = beginAll();
        for (const each of all.filter(({ what }) => what !== 'slice')) {
          happen(state, { ...each, sliced: false });
        }
        const before = assess(state);
        const arm: Quad = isTreatment ? [nT, xT, 0, 0] : [0, 0, nC, xC];
        for (const one of [[0, 0, 0, 0] as const, arm]) {
          for (const what of ['share', 'mean'] as const) {
            happen(state, { what, quad: one, sliced: false, late: false, harmOnly: false });
          }
        }
        happen(state, {
          what: 'requests',
          quad: [0, 0, 0, 0],
          sliced: false,
          late: false,
          harmOnly: false,
        });
        const after = assess(state);
        expect(after.harm).toStrictEqual(before.harm);
        expect(after.safe).toBe(before.safe);
        expect(after.nonInferiority.map(({ logE }) => logE)).toStrictEqual(
          before.nonInferiority.map(({ logE }) => logE),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('units of measurement', () => {
  const batches = fc.array(
    fc.tuple(
      fc.double({ min: 50, max: 200, noNaN: true }),
      fc.double({ min: 50, max: 200, noNaN: true }),
    ),
    { minLength: 1, maxLength: 8 },
  );

  it('change no evidence on a mean: milliseconds or seconds', () => {
    fc.assert(
      fc.property(batches, fc.constantFrom(0.001, 60, 1e6), (all, scale) => {
        const logE = (factor: number) => {
          const margin = { ...LATENCY.margin, absolute: factor };
          const mean = { margin, standardError: 2 * factor };
          const state = judgeOf([
            {
              id: 'latency',
              metric: 'latency',
              horizonMs: 60_000,
              role: 'guardrail',
              weight: 1,
              kind: 'mean',
              mean,
            },
          ]);
          enterStage(state, {
            stage: 0,
            nonInferiority: {},
            means: { latency: { nonInferiority: mean } },
          });
          for (const [one, other] of all) {
            const scaled = (level: number): Moments => ({
              count: 300,
              mean: level * factor,
              squaredDeviations: 480_000 * factor ** 2,
            });
            const treatment = { fresh: scaled(one), carried: NO_MOMENTS };
            const place = { hypothesis: 'latency', stage: 0, stratum: '0' };
            absorbMeans(state, { ...place, treatment, control: scaled(other) });
          }
          const { harm, nonInferiority } = assess(state);
          return [harm.logE, nonInferiority[0]?.logE ?? 0];
        };
        const [harm = 0, health = 0] = logE(1);
        const [scaledHarm, scaledHealth] = logE(scale);
        expect(scaledHarm).toBeCloseTo(harm, 5);
        expect(scaledHealth).toBeCloseTo(health, 5);
      }),
      { numRuns: 40 },
    );
  });
});

describe('refused input, of which nothing stays', () => {
  const state = beginAll(SLICED);
  happen(state, {
    what: 'mean',
    quad: [300, 3, 900, 9],
    sliced: false,
    late: false,
    harmOnly: false,
  });
  addSlice(state, { hypothesis: 'latency', dimension: 'platform', value: 'ios', minimumSample: 5 });
  // The stratum that has values already.
  const place = { stage: 0, stratum: '1' };
  const some = values(10, 1);

  function refusal(call: () => unknown): { code: string; field: string } {
    const before = structuredClone(state);
    try {
      call();
    } catch (error) {
      expect(state).toStrictEqual(before);
      if (error instanceof JudgeInputError) {
        expect(error.message).toMatch(/accepted/);
        return { code: error.code, field: error.field };
      }
      throw error;
    }
    throw new Error('nothing was refused');
  }

  it.each<[string, Partial<Moments>, string, string]>([
    ['a count that is NaN', { count: Number.NaN }, 'count_invalid', 'control.count'],
    ['a negative count', { count: -1 }, 'count_invalid', 'control.count'],
    ['a count that is not whole', { count: 1.5 }, 'count_invalid', 'control.count'],
    ['a count too large', { count: 2 ** 53 }, 'count_invalid', 'control.count'],
    ['a mean that is infinite', { mean: Infinity }, 'number_not_finite', 'control.mean'],
    [
      'a negative variance',
      { squaredDeviations: -1 },
      'number_out_of_range',
      'control.squaredDeviations',
    ],
    [
      'a variance that is NaN',
      { squaredDeviations: Number.NaN },
      'number_out_of_range',
      'control.squaredDeviations',
    ],
    [
      'a mean whose square overflows',
      { mean: 1e200 },
      'number_out_of_range',
      'control.squaredDeviations',
    ],
  ])('moments with %s', (_, wrong, code, field) => {
    const control = { ...some, ...wrong };
    const treatment = { fresh: some, carried: NO_MOMENTS };
    const call = () => absorbMeans(state, { ...place, hypothesis: 'latency', treatment, control });
    expect(refusal(call)).toEqual({ code, field });
  });

  it.each<[string, Record<string, number>, string]>([
    ['NaN', { events: Number.NaN }, 'treatment.events'],
    ['negative', { events: -1 }, 'treatment.events'],
    ['infinite', { exposure: Infinity }, 'treatment.exposure'],
    ['too large together', { exposure: Number.MAX_VALUE }, 'treatment.exposure'],
  ])('requests that are %s', (_, wrong, field) => {
    const call = () => {
      for (let time = 0; time < 2; time += 1) {
        const treatment = { exposure: 10, events: 1, ...wrong };
        const control = { exposure: 10, events: 1 };
        const own = time === 0 ? structuredClone(state) : state;
        absorbRequests(own, { ...place, hypothesis: 'denied', treatment, control });
        absorbRequests(own, { ...place, hypothesis: 'denied', treatment, control });
      }
    };
    expect(refusal(call)).toEqual({ code: 'number_out_of_range', field });
  });

  it.each<[string, () => void]>([
    [
      'shares for a mean',
      () => absorb(state, { ...place, hypothesis: 'latency', counts: counts([1, 0, 1, 0]) }),
    ],
    [
      'requests for a share',
      () =>
        absorbRequests(state, {
          ...place,
          hypothesis: 'errors',
          treatment: { exposure: 1, events: 0 },
          control: { exposure: 1, events: 0 },
        }),
    ],
    [
      'values for requests',
      () =>
        absorbMeans(state, {
          ...place,
          hypothesis: 'denied',
          treatment: { fresh: some, carried: NO_MOMENTS },
          control: some,
        }),
    ],
    [
      'a null for a mean',
      () => enterStage(state, { stage: 1, nonInferiority: { latency: { ratio: 1, excess: 0 } } }),
    ],
    [
      'a margin for a share',
      () =>
        enterStage(state, { stage: 1, nonInferiority: {}, means: { errors: { harm: LATENCY } } }),
    ],
  ])('of another kind: %s', (_, call) => {
    expect(refusal(call).code).toBe('hypothesis_kind_wrong');
  });

  it.each<[string, object, string]>([
    ['no error at all', { standardError: 0 }, 'means.latency.harm.standardError'],
    ['an error that is NaN', { standardError: Number.NaN }, 'means.latency.harm.standardError'],
    [
      'a negative margin',
      { margin: { ...LATENCY.margin, relative: -0.1 } },
      'means.latency.harm.margin.relative',
    ],
    [
      'a mean that may fall by all of itself',
      { margin: { relative: 1, absolute: 0, worse: 'lower' } },
      'means.latency.harm.margin.relative',
    ],
  ])('a stage with %s', (_, wrong, field) => {
    const means = { latency: { harm: { ...LATENCY, ...wrong } } };
    const call = () => enterStage(state, { stage: 1, nonInferiority: {}, means });
    expect(refusal(call).field).toBe(field);
  });

  it.each<[object, string, string]>([
    [{ hypothesis: 'nothing' }, 'hypothesis_unknown', 'hypothesis'],
    [{ hypothesis: 'latency[platform=ios]' }, 'slice_of_slice', 'hypothesis'],
    [{ dimension: 'region' }, 'dimension_unknown', 'dimension'],
    [{ value: '' }, 'slice_repeated', 'value'],
    [{ hypothesis: 'latency', value: 'ios' }, 'slice_repeated', 'value'],
    [{ minimumSample: -1 }, 'count_invalid', 'minimumSample'],
    [{ minimumSample: Number.NaN }, 'count_invalid', 'minimumSample'],
  ])('a slice with %j', (wrong, code, field) => {
    const slice = { hypothesis: 'errors', dimension: 'platform', value: 'web', minimumSample: 5 };
    expect(refusal(() => addSlice(state, { ...slice, ...wrong }))).toEqual({ code, field });
  });

  it.each<[string, object, string]>([
    ['a dimension without a name', { slices: { dimensions: [''] } }, 'slices.dimensions[0]'],
    ['a dimension twice', { slices: { dimensions: ['a', 'a'] } }, 'slices.dimensions[1]'],
    ['an alpha that is NaN', { alphaHarm: Number.NaN }, 'alphaHarm'],
  ])('a configuration with %s', (_, wrong, field) => {
    const call = () => createJudge({ ...state.config, ...wrong });
    expect(refusal(call).field).toBe(field);
  });

  it.each<[object, string]>([
    [{ kind: 'median' }, 'hypotheses[0].kind'],
    [{ kind: 'mean', mean: { ...LATENCY, standardError: -1 } }, 'hypotheses[0].mean.standardError'],
    [{ kind: 'requests', harmNull: { ratio: 0, excess: 0 } }, 'hypotheses[0].harmNull.ratio'],
    [{ kind: 'requests', baselineRate: -1 }, 'hypotheses[0].baselineRate'],
    [{ weight: Number.NaN }, 'hypotheses[0].weight'],
  ])('a hypothesis with %j', (wrong, field) => {
    const wrongOne = { ...KINDS[2], ...wrong } as (typeof KINDS)[number];
    expect(
      refusal(() =>
        judgeOf([{ ...wrongOne, ...(Object.hasOwn(wrong, 'weight') ? {} : { weight: 1 }) }]),
      ).field,
    ).toBe(field);
  });

  it('is refused whatever is wrong with it, wherever it stands', () => {
    const broken = fc.constantFrom(Number.NaN, -1, 0.5, Infinity, 2 ** 53);
    fc.assert(
      fc.property(quad, fc.integer({ min: 0, max: 3 }), broken, (fine, at, wrong) => {
        const bad = fine.map((each, index) => (index === at ? wrong : each));
        const call = () =>
          absorb(state, { ...place, hypothesis: 'errors', counts: counts(bad as unknown as Quad) });
        expect(refusal(call).field).toMatch(/^counts\./);
      }),
      { numRuns: 60 },
    );
  });
});
