import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absorbMeans,
  assess,
  assessTotals,
  contrastOf,
  createJudge,
  enterStage,
  explain,
  judgeConfig,
  type JudgeState,
  type MeanMargin,
  type Moments,
  NO_MOMENTS,
} from '../../src/index.ts';

const moments = (mean: number, sd: number, count: number): Moments => ({
  ...{ count, mean },
  squaredDeviations: sd * sd * (count - 1),
});

function judged(margin: MeanMargin, arms: { treatment: Moments; control: Moments }): JudgeState {
  const figures = { margin, standardError: 0.2 };
  const common = { id: 'm', metric: 'm', horizonMs: 0, role: 'guardrail', weight: 1 } as const;
  const state = createJudge(
    judgeConfig({ hypotheses: [{ ...common, kind: 'mean', mean: figures }] }),
  );
  const means = { m: { harm: figures, nonInferiority: figures } };
  enterStage(state, { stage: 0, nonInferiority: {}, means });
  absorbMeans(state, {
    ...{ hypothesis: 'm', stage: 0, stratum: '0', control: arms.control },
    treatment: { fresh: arms.treatment, carried: NO_MOMENTS },
  });
  return state;
}

const both = ['higher', 'lower'] as const;

describe('a relative margin on a mean below 0', () => {
  it.each(both)('tolerates the same mean in both arms, %s being worse', (worse) => {
    const arms = { treatment: moments(-10, 3, 20_000), control: moments(-10, 3, 20_000) };
    const state = judged({ relative: 0.05, absolute: 0, worse }, arms);
    expect(assess(state).harm.harmful).toBe(false);
    expect(assess(state).harm.logE).toBeLessThan(0);
    expect(assess(state).safe).toBe(true);
  });

  it.each([
    ['higher', -8],
    ['lower', -12],
  ] as const)('shows harm where the mean is worse by more, %s being worse', (worse, mean) => {
    const arms = { treatment: moments(mean, 3, 20_000), control: moments(-10, 3, 20_000) };
    const state = judged({ relative: 0.05, absolute: 0, worse }, arms);
    expect(assess(state).harm.harmful).toBe(true);
    expect(assess(state).safe).toBe(false);
  });

  it('says of a mirrored metric in the mirrored direction the same', () => {
    const any = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(any, any, fc.double({ min: 0, max: 0.99, noNaN: true }), (t, c, relative) => {
        const at = (sign: 1 | -1, worse: 'higher' | 'lower') =>
          contrastOf(
            { treatment: moments(sign * t, 2, 500), control: moments(sign * c, 2, 500) },
            { relative, absolute: 0.1, worse },
          );
        fc.pre(c !== 0);
        expect(at(1, 'higher')).toEqual(at(-1, 'lower'));
        expect(at(1, 'lower')).toEqual(at(-1, 'higher'));
      }),
    );
  });
});

describe('more tolerance', () => {
  const arms = fc.record({
    treatment: fc.double({ min: -20, max: 20, noNaN: true }),
    control: fc.double({ min: -20, max: 20, noNaN: true }),
    sd: fc.double({ min: 0.1, max: 20, noNaN: true }),
    counts: fc.tuple(fc.integer({ min: 200, max: 9_000 }), fc.integer({ min: 200, max: 9_000 })),
    worse: fc.constantFrom(...both),
    relative: fc.tuple(
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
    ),
    absolute: fc.double({ min: 0, max: 5, noNaN: true }),
  });
  const asArms = ({
    treatment,
    control,
    sd,
    counts: [nT, nC],
  }: {
    treatment: number;
    control: number;
    sd: number;
    counts: [number, number];
  }) => ({ treatment: moments(treatment, sd, nT), control: moments(control, sd, nC) });

  it.each(['harm', 'nonInferiority'] as const)(
    'never puts treatment further beyond the margin, for %s',
    (claim) => {
      fc.assert(
        fc.property(arms, (given) => {
          const [strict, lax] = [...given.relative].sort((one, other) => one - other);
          const beyond = (relative = 0) => {
            const { worse, absolute } = given;
            const found = contrastOf(asArms(given), { relative, absolute, worse }, claim);
            return 'skipped' in found ? expect.fail(found.skipped) : found.difference;
          };
          expect(beyond(lax)).toBeLessThanOrEqual(beyond(strict) + 1e-9);
        }),
        { numRuns: 500 },
      );
    },
  );

  it('never makes a harmless rollout harmful', () => {
    fc.assert(
      fc.property(arms, (given) => {
        const [strict, lax] = [...given.relative].sort((one, other) => one - other);
        const isHarmful = (relative = 0) => {
          const { worse, absolute } = given;
          return assess(judged({ relative, absolute, worse }, asArms(given))).harm.harmful;
        };
        if (isHarmful(lax)) expect(isHarmful(strict)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a mean near 0', () => {
  it('is not called healthy for a relative margin of what may be chance', () => {
    const arms = { treatment: moments(0.01, 10, 2_000), control: moments(0.01, 10, 2_000) };
    const margin = { relative: 0.9, absolute: 0, worse: 'higher' } as const;
    expect(contrastOf(arms, margin, 'nonInferiority')).toMatchObject({ difference: 0 });
  });
});

describe('a mean without spread', () => {
  const constant = (mean: number) => moments(mean, 0, 3_000);
  const margin = { relative: 0.05, absolute: 0, worse: 'lower' } as const;
  const sentence = (state: JudgeState) =>
    explain(assessTotals(state))
      .map(({ text }) => text)
      .join(' ');

  it.each([100, 0, -7])('that is %d in both arms is no evidence, and says so', (value) => {
    const state = judged(margin, { treatment: constant(value), control: constant(value) });
    const { harm, nonInferiority, safe } = assess(state);
    expect(harm).toMatchObject({ logE: expect.closeTo(0, 9) as number, harmful: false });
    expect(nonInferiority).toMatchObject([{ passed: false, logE: 0, noSpread: true }]);
    expect(safe).toBe(false);
    expect(sentence(state)).toContain('the same value');
  });

  it('shows harm where the constants are further apart than the margin', () => {
    const state = judged(margin, { treatment: constant(90), control: constant(100) });
    expect(assess(state).harm.harmful).toBe(true);
    expect(sentence(state)).toContain('the same value');
  });

  it.each([
    [98, 'within the margin'],
    [110, 'better'],
  ])('is no evidence of health where treatment is %d, %s', (value) => {
    const state = judged(margin, { treatment: constant(value), control: constant(100) });
    expect(assess(state).harm.harmful).toBe(false);
    expect(assess(state).nonInferiority[0]).toMatchObject({ passed: false, noSpread: true });
  });
});
