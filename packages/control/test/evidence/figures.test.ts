import type { Plan, RolloutState } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { exposure, Intake, outcome, someRollout, START_MS, unitOf } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const ERRORS = 'http.error_rate@60000';
const SLOW = 'http.latency:p99@60000';
const MEASURING = {
  status: 'measuring',
  stage: -1,
  allocations: [{ sharePerMillion: 0 }],
} as const satisfies Partial<RolloutState>;

interface Baseline {
  readonly units: number;
  readonly bad: number;
  /** Bucket of the slowest request, by unit. */
  readonly bucket?: (unit: number) => number;
  readonly plan?: Partial<Plan>;
}

/** A closed baseline of units seen in the first minute. */
function measured({ units, bad, bucket, plan = {} }: Baseline): Intake {
  const intake = new Intake();
  intake.change(someRollout({ ...MEASURING, plan: somePlan(plan) }));
  const all = Array.from({ length: units }, (_, index) => index);
  const baseline = { stage: -1, atMs: START_MS } as const;
  intake.report({
    exposures: all.map((unit) => exposure({ ...baseline, unit: unitOf(unit) })),
    outcomes: [
      ...all.slice(0, bad).map((unit) => outcome({ unit: unitOf(unit) })),
      ...all.flatMap((unit) =>
        bucket === undefined
          ? []
          : [outcome({ unit: unitOf(unit), metric: 'http.latency', value: bucket(unit) })],
      ),
    ],
  });
  intake.closeThrough(0);
  intake.nowMs = START_MS + 30 * MINUTE_MS;
  return intake;
}

function frozen(intake: Intake, id = ERRORS) {
  return intake.evidence.nextFigures.hypotheses[id] ?? expect.fail(`no figures of ${id}`);
}

describe('the figures of the next stage', () => {
  test('tolerate in harm what the margin says, and in a step what the budget says', () => {
    const intake = measured({ units: 2_000, bad: 20 });
    const { nextStageUnits } = intake.evidence.nextFigures;
    // The stage after the next serves 25 % of 2,000 units per reaction time.
    expect(nextStageUnits).toBe(500);
    const figures = frozen(intake);
    expect(figures).toMatchObject({ baselineRate: 0.01, baselineUnits: 2_000 });
    expect(figures.harmNull).toEqual({ ratio: 1.05, excess: 0.0005 });
    // max(0.0005, min(50 / 500, 0.5 / 0.25 x 0.01))
    expect(figures.nonInferiorityNull).toEqual({ ratio: 1.05, excess: 0.02 });
    expect(figures.harmBound).toBeCloseTo(500 * (0.05 * 0.01 + 0.02), 9);
    expect(figures.baselineUpper).toBeCloseTo(0.016658, 6);
  });

  test.each([
    ['the budget', { harmBudget: 5 }, 0.01],
    ['the rate', { harmBudget: 5_000 }, 0.02],
    ['the absolute margin', { harmBudget: 0.01 }, 0.0005],
  ])('take %s for d where it is the smallest that counts', (_, plan, excess) => {
    const intake = measured({ units: 2_000, bad: 20, plan });
    expect(frozen(intake).nonInferiorityNull.excess).toBeCloseTo(excess, 12);
  });

  test('leave a margin where the baseline saw no bad outcome', () => {
    const { baselineRate, nonInferiorityNull } = frozen(measured({ units: 999, bad: 0 }));
    expect(baselineRate).toBe(0.0005);
    expect(nonInferiorityNull.excess).toBeCloseTo(0.001, 12);
  });

  test('freeze the latency threshold a margin above the baseline quantile', () => {
    const guardrails = [
      {
        metric: 'http.latency',
        quantile: 0.99,
        worse: 'higher',
        margin: { relative: 0.1, absolute: 0 },
        weight: 1,
      },
    ] as const;
    const bucket = (unit: number) => (unit < 4 ? 260 : unit < 15 ? 200 : 100);
    const intake = measured({ units: 1_000, bad: 0, bucket, plan: { guardrails } });
    const figures = frozen(intake, SLOW);
    expect(figures.quantileUsed).toBe(0.99);
    expect(figures.latencyBucket).toBeGreaterThan(200);
    expect(figures.latencyBucket).toBeLessThan(210);
    expect(figures.baselineRate).toBe(0.004);
    // Before a small stage more may be slow: 0.5 / 0.25 times the baseline's share above.
    expect(figures.nonInferiorityNull).toEqual({ ratio: 1, excess: 0.008 });
    expect(figures.harmNull.ratio).toBe(1);
    expect(figures.harmNull.excess).toBeCloseTo(0.006, 12);
    expect(intake.evidence.baseline[SLOW]).toEqual({ units: 1_000, bad: 4 });
  });

  test.each([
    [0.05, 0.1],
    [0.25, 0.02],
    [0.5, 0.005],
    [1, 0.005],
  ])('risk the less beyond control the more a stage treats: %f', (share, excess) => {
    const stages = [0.01, share].map((of) => ({
      allocations: [{ sharePerMillion: of * 1_000_000 }],
      bakeMs: 0,
      minimumSample: 0,
    }));
    const intake = measured({ units: 2_000, bad: 20, plan: { stages, harmBudget: 5_000 } });
    expect(frozen(intake).nonInferiorityNull.excess).toBeCloseTo(excess, 12);
  });

  test('judge what may not get rarer in failures', () => {
    const signals = [
      {
        metric: 'checkout.completed',
        worse: 'lower',
        margin: { relative: 0.02, absolute: 0.001 },
        weight: 1,
      },
    ] as const;
    const intake = measured({ units: 100, bad: 0, plan: { signals } });
    const { harmNull } = frozen(intake, 'checkout.completed@60000');
    expect(harmNull.ratio).toBeCloseTo(0.98, 12);
    expect(harmNull.excess).toBeCloseTo(0.021, 12);
  });

  test('lend a horizon that has not closed the counts of a shorter one', () => {
    const horizonsMs = [MINUTE_MS, 60 * MINUTE_MS];
    const intake = measured({ units: 2_000, bad: 20, plan: { horizonsMs } });
    expect(frozen(intake, 'http.error_rate@3600000').baselineRate).toBe(0.01);
  });

  test('follow a margin that was tightened', () => {
    const intake = measured({ units: 2_000, bad: 20 });
    const [guardrail] = somePlan().guardrails;
    if (guardrail === undefined) expect.fail('the plan has no guardrail');
    const tight = { ...guardrail, margin: { relative: 0.01, absolute: 0 } };
    const plan = somePlan({ guardrails: [tight] });
    intake.change(someRollout({ ...MEASURING, plan, version: 11 }));
    expect(frozen(intake).harmNull).toEqual({ ratio: 1.01, excess: 0 });
  });
});
