import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absorbAssignments,
  absorbBatch,
  addStart,
  assess,
  bet,
  createProcess,
  enterStage,
  HARM_MIXTURE,
  type JudgeState,
  logBetFactor,
  logE,
  NON_INFERIORITY_MIXTURE,
  riskRatio,
} from '../../src/index.ts';
import {
  counts,
  enter,
  hypothesis,
  judgeOf,
  MARGIN,
  type Quad,
  shareAt,
  take,
} from '../support/judge.ts';

const arm = fc
  .integer({ min: 0, max: 5_000 })
  .chain((units) => fc.tuple(fc.constant(units), fc.integer({ min: 0, max: Math.min(units, 40) })));
const quad: fc.Arbitrary<Quad> = fc
  .tuple(arm, arm)
  .map(([[nT, xT], [nC, xC]]) => [nT, xT, nC, xC] as const);

type Step = { readonly quad: Quad; readonly what: 'enter' | 'start' | 'second' | 'old' | 'first' };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    quad,
    what: fc.constantFrom('enter', 'start', 'second', 'old', 'first', 'first', 'first'),
  }),
  { maxLength: 30 },
);

function begin(): JudgeState {
  const state = judgeOf(
    [
      hypothesis({ id: 'errors', weight: 0.6 }),
      hypothesis({ id: 'latency', weight: 0.4, harmNull: { ratio: 1, excess: 0.004 } }),
    ],
    { laterStarts: true },
  );
  enter(state, 0);
  return state;
}

function apply(state: JudgeState, { quad: batch, what }: Step): void {
  if (what === 'enter') enter(state, state.stage + 1);
  if (what === 'start') addStart(state);
  const id = what === 'second' ? 'latency' : 'errors';
  take(state, batch, { id, stage: what === 'old' ? 0 : state.stage });
  absorbAssignments(state, {
    stage: state.stage,
    stratum: '0',
    expectedTreatmentShare: 0.3,
    treatment: batch[0],
    control: batch[2],
  });
}

describe('replay', () => {
  it('is the same bit for bit, also through JSON at any point', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const straight = begin();
        let stored = begin();
        for (const step of all) {
          apply(straight, step);
          apply(stored, step);
          stored = JSON.parse(JSON.stringify(stored)) as JudgeState;
        }
        expect(stored).toStrictEqual(JSON.parse(JSON.stringify(straight)));
        expect(assess(stored)).toStrictEqual(assess(straight));
      }),
      { numRuns: 60 },
    );
  });

  it('is not moved by looking', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const watched = begin();
        const alone = begin();
        for (const step of all) {
          apply(watched, step);
          assess(watched);
          apply(alone, step);
        }
        expect(watched).toStrictEqual(alone);
      }),
      { numRuns: 30 },
    );
  });
});

describe('batches', () => {
  it('with an empty arm change no evidence, so that silence never helps a feature up', () => {
    fc.assert(
      fc.property(steps, arm, fc.boolean(), (all, [units, bad], isTreatment) => {
        const state = begin();
        for (const step of all) apply(state, step);
        const before = assess(state);
        const alone: Quad = isTreatment ? [units, bad, 0, 0] : [0, 0, units, bad];
        take(state, alone, { id: 'errors' });
        take(state, [0, 0, 0, 0], { id: 'errors' });
        const { harm, nonInferiority, safe } = assess(state);
        expect(harm).toStrictEqual(before.harm);
        expect(nonInferiority.map((each) => each.logE)).toStrictEqual(
          before.nonInferiority.map((each) => each.logE),
        );
        expect(safe).toBe(before.safe);
      }),
      { numRuns: 60 },
    );
  });

  it('may be split without changing evidence, for one exposure ratio and no excess', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 40 })), {
          minLength: 2,
          maxLength: 8,
        }),
        fc.constantFrom(HARM_MIXTURE, NON_INFERIORITY_MIXTURE),
        fc.constantFrom(1, 1.05, 0.9),
        (parts, mixture, ratio) => {
          const setting = { ratio, excess: 0 };
          const split = createProcess(setting, 0.001, mixture);
          for (const [xT, xC] of parts) absorbBatch(split, mixture, counts([100, xT, 900, xC]));
          const whole = createProcess(setting, 0.001, mixture);
          const sum = (at: 0 | 1) => parts.reduce((total, part) => total + part[at], 0);
          const size = parts.length;
          absorbBatch(whole, mixture, counts([100 * size, sum(0), 900 * size, sum(1)]));
          expect(logE(split, mixture)).toBeCloseTo(logE(whole, mixture), 8);
        },
      ),
    );
  });

  it('of two hypotheses do not touch each other', () => {
    fc.assert(
      fc.property(fc.array(quad, { maxLength: 10 }), (quads) => {
        const state = begin();
        for (const each of quads) take(state, each, { id: 'latency' });
        expect(state.hypotheses[0]).toStrictEqual(begin().hypotheses[0]);
      }),
      { numRuns: 30 },
    );
  });

  it('more bad outcomes in treatment are more evidence of harm and less of non-inferiority', () => {
    fc.assert(
      fc.property(quad, ([nT, xT, nC, xC]) => {
        fc.pre(nT > xT && nC > 0);
        const [fewer, more] = [xT, xT + 1].map((bad) => {
          const state = judgeOf();
          enter(state, 0);
          take(state, [nT, bad, nC, xC]);
          return assess(state);
        });
        expect(more?.harm.logE).toBeGreaterThan(fewer?.harm.logE ?? NaN);
        expect(more?.nonInferiority[0]?.logE).toBeLessThan(fewer?.nonInferiority[0]?.logE ?? NaN);
      }),
    );
  });
});

describe('labels', () => {
  it('swapped turn a bet on m times into one on 1/m: evidence is the same', () => {
    fc.assert(
      fc.property(quad, fc.double({ min: 0.1, max: 10, noNaN: true }), (each, multiplier) => {
        const [nT, xT, nC, xC] = each;
        const none = { ratio: 1, excess: 0 };
        const one = { null: none, controlRate: 0.01 };
        const straight = logBetFactor(counts(each), { ...one, multiplier });
        const swapped = logBetFactor(counts([nC, xC, nT, xT]), {
          ...one,
          multiplier: 1 / multiplier,
        });
        expect(swapped).toBeCloseTo(straight, 8);
      }),
    );
  });

  it('swapped turn the estimated ratio upside down', () => {
    fc.assert(
      fc.property(fc.array(quad, { minLength: 1, maxLength: 5 }), (quads) => {
        const straight = riskRatio(quads.map(counts), 0.01);
        const swapped = riskRatio(
          quads.map(([nT, xT, nC, xC]) => counts([nC, xC, nT, xT])),
          0.01,
        );
        fc.pre((straight.estimate ?? 0) > 0 && swapped.estimate !== null);
        expect(swapped.estimate).toBeCloseTo(1 / (straight.estimate ?? NaN), 8);
      }),
    );
  });
});

describe('bets', () => {
  it('leave something whatever happens, and take no side at multiplier 1', () => {
    fc.assert(
      fc.property(
        fc.record({
          multiplier: fc.double({ min: 0.01, max: 1000, noNaN: true }),
          controlRate: fc.double({ min: 0, max: 1, noNaN: true }),
          exposureRatio: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
          ratio: fc.double({ min: 0.01, max: 100, noNaN: true }),
          excess: fc.constantFrom(0, 1e-9, 1e-4, 0.01, 0.5, 0.99),
        }),
        ({ ratio, excess, ...input }) => {
          const { a, b } = bet({ ...input, null: { ratio, excess } });
          expect(a).toBeGreaterThan(0);
          expect(b).toBeGreaterThan(0);
          const harm = input.multiplier > 1;
          expect(harm ? a >= 1 && b <= 1 : a <= 1 && b >= 1).toBe(true);
        },
      ),
    );
  });

  it('are the best ones: no other a grows faster in expectation', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 8, noNaN: true }),
        fc.double({ min: 1e-4, max: 0.2, noNaN: true }),
        fc.double({ min: 0.005, max: 5, noNaN: true }),
        fc.constantFrom(0, 1e-4, 0.01),
        (multiplier, controlRate, exposureRatio, excess) => {
          const ratio = 1.05;
          const { a } = bet({ multiplier, controlRate, exposureRatio, null: { ratio, excess } });
          const growth = (at: number) =>
            multiplier * (ratio * controlRate + excess) * Math.log(at) +
            (controlRate / exposureRatio) * Math.log(1 - exposureRatio * ratio * (at - 1)) -
            excess * (at - 1);
          for (const other of [0.999 * a, 1.001 * a]) {
            if (exposureRatio * ratio * (other - 1) >= 1) continue;
            expect(growth(other)).toBeLessThanOrEqual(growth(a) + 1e-15);
          }
        },
      ),
    );
  });
});

describe('margins', () => {
  it('wider ones are easier to keep and harder to break', () => {
    const at = (excess: number) => {
      const harm = createProcess({ ratio: 1.05, excess }, 0.001, HARM_MIXTURE);
      absorbBatch(harm, HARM_MIXTURE, counts([1000, 8, 9000, 9]));
      const ni = createProcess(
        { ratio: 1.05, excess: MARGIN.excess + excess },
        0.001,
        NON_INFERIORITY_MIXTURE,
      );
      absorbBatch(ni, NON_INFERIORITY_MIXTURE, counts([1000, 1, 9000, 9]));
      return { harm: logE(harm, HARM_MIXTURE), ni: logE(ni, NON_INFERIORITY_MIXTURE) };
    };
    expect(at(0.001).harm).toBeLessThan(at(0).harm);
    expect(at(0.001).ni).toBeGreaterThan(at(0).ni);
  });

  it('of an earlier stage stay with its units', () => {
    const late: Quad = [1000, 20, 9000, 90];
    const cells = (raised: boolean) => {
      const state = judgeOf([hypothesis({ id: 'latency', harmNull: { ratio: 1, excess: 0.01 } })]);
      enter(state, 0);
      const harmNull = { latency: { ratio: 3, excess: 0.02 } };
      if (raised) enterStage(state, { stage: 1, nonInferiority: {}, harmNull });
      take(state, late, { stage: 0 });
      return shareAt(state).starts[0]?.process.logCells;
    };
    expect(cells(true)).toStrictEqual(cells(false));
  });
});
