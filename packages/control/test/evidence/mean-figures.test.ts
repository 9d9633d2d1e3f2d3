import { type Metric, next } from '@downhaul/control';
import { describe, expect, it } from 'vitest';
import { meanUnitsNeeded } from '../../src/check/forecast-mean.ts';
import { forecast } from '../../src/index.ts';
import { isBeyond, recoveredLimit } from '../../src/telemetry/rollout/leaving-baseline.ts';
import { exposure, Intake, outcome, ROLLOUT, someRollout, unitOf } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const ID = 'balance@60000';

function planOf(worse: 'higher' | 'lower') {
  const metric: Metric = {
    ...{ key: 'balance', kind: 'mean', worse, source: { type: 'sdk' } },
    ...{ owner: 'team', description: '', version: 1 },
  };
  const margin = { relative: 0.05, absolute: 0 };
  return somePlan({
    guardrails: [{ metric: 'balance', worse, margin, weight: 1 }],
    signals: [],
    success: [],
    metrics: [metric],
  });
}

/** Every unit's value: around a level, by 2 up or down, or by nothing. */
type Values = (unit: number, treated: boolean) => number;

const around = (level: number, treated = level): Values => {
  return (unit, isTreated) => (isTreated ? treated : level) + (unit % 2 === 0 ? 2 : -2);
};

function report(intake: Intake, values: Values, stage: number, units: readonly number[]): void {
  const armOf = (unit: number) => stage >= 0 && unit % 4 < 2;
  intake.report({
    exposures: units.map((unit) =>
      exposure({
        ...{ unit: unitOf(unit), stage, atMs: intake.nowMs, version: stage < 0 ? 10 : 20 },
        arm: armOf(unit) ? 'treatment' : 'control',
      }),
    ),
    outcomes: units.map((unit) =>
      outcome({
        ...{ unit: unitOf(unit), metric: 'balance', atMs: intake.nowMs },
        value: values(unit, armOf(unit)),
      }),
    ),
  });
}

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index);

/** A baseline of 2,000 units, then a stage of 50 % with 4,000. */
function rolledOut(values: Values, worse: 'higher' | 'lower'): Intake {
  const plan = planOf(worse);
  const half = [{ sharePerMillion: 500_000 }];
  const intake = new Intake();
  intake.reportAtEnds(['store-1']);
  const nothing = [{ sharePerMillion: 0 }];
  intake.change(someRollout({ plan, status: 'measuring', stage: -1, allocations: nothing }));
  report(intake, values, -1, numbers(0, 2_000));
  intake.closeThrough(1);
  const frozen = intake.evidence.nextFigures;
  const atMs = intake.nowMs;
  intake.change(
    someRollout({
      ...{ plan, frozen, allocations: half, peak: half, version: 20 },
      ...{ stageEnteredAtMs: atMs, statusSinceMs: atMs },
    }),
  );
  report(intake, values, 0, numbers(10_000, 4_000));
  intake.closeThrough(4);
  return intake;
}

const both = ['higher', 'lower'] as const;

describe('a rollout guarded by a mean below 0', () => {
  it.each(both)('is not rolled back where nothing changed, %s being worse', (worse) => {
    const { evidence, state } = rolledOut(around(-10), worse);
    expect(evidence.assessment.harm.harmful).toBe(false);
    expect(evidence.assessment.safe).toBe(true);
    // Nor has it left its baseline: a rollback by hand is proven as recovered at once.
    expect(state.rollouts.get(ROLLOUT)?.left.size).toBe(0);
  });

  it.each([
    ['higher', -8],
    ['lower', -12],
  ] as const)('is rolled back where it gets worse, %s being worse', (worse, treated) => {
    const { evidence } = rolledOut(around(-10, treated), worse);
    expect(evidence.assessment.harm.harmful).toBe(true);
  });

  it.each(both)('freezes a limit on the worse side of its baseline, %s being worse', (worse) => {
    const { state } = rolledOut(around(-10), worse);
    const frozen = state.rollouts.get(ROLLOUT)?.rollout.frozen?.hypotheses[ID];
    if (frozen === undefined) expect.fail('nothing was frozen');
    const [inside, outside] = worse === 'higher' ? [-9.7, -9] : [-10.3, -11];
    expect(isBeyond(frozen, inside)).toBe(false);
    expect(isBeyond(frozen, outside)).toBe(true);
    expect(Math.abs(recoveredLimit(frozen) + 10)).toBeGreaterThan(0.5);
  });

  it('is forecast like its mirror image', () => {
    const of = (mean: number, worse: 'higher' | 'lower') =>
      meanUnitsNeeded({
        guardrail: { metric: 'm', worse, margin: { relative: 0.05, absolute: 0 }, weight: 1 },
        known: { count: 1_000, mean, squaredDeviations: 4_000 },
        ...{ alpha: 0.05, share: 0.3 },
      });
    expect(of(-10, 'higher')).toBe(of(10, 'lower'));
    expect(of(-10, 'lower')).toBe(of(10, 'higher'));
  });
});

describe('a rollout guarded by a mean without spread', () => {
  const stepOf = (intake: Intake) => {
    const { rollout } = intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
    const nowMs = rollout.stageEnteredAtMs + (rollout.plan.stages[0]?.bakeMs ?? 0) + 1;
    const lively = { freshness: 'fresh', stale: false, quiet: [], late: [], lateShare: 0 } as const;
    const { evidence } = intake;
    return next({ rollout, evidence: { ...evidence, ...lively }, nowMs, flagDown: false });
  };

  it('says that it waits for nothing that can come, and why', () => {
    const intake = rolledOut(() => 7, 'lower');
    expect(intake.evidence.assessment.harm.harmful).toBe(false);
    expect(intake.evidence.assessment.safe).toBe(false);
    const step = stepOf(intake);
    expect(step.command).toBeUndefined();
    expect(step.waitsFor?.text).toContain('no evidence of health');
    expect(step.sentences.join(' ')).toContain('the same value');
  });

  it('is rolled back where treatment has another constant that is worse', () => {
    const { evidence } = rolledOut((_, treated) => (treated ? 90 : 100), 'lower');
    expect(evidence.assessment.harm.harmful).toBe(true);
  });

  it('is named by the check before it starts', () => {
    const constant = { count: 500, mean: 7, squaredDeviations: 0 };
    const told = forecast(planOf('lower'), 10, { balance: constant });
    expect(told.constant).toEqual(['balance']);
    expect(told.unknown).toEqual([]);
  });
});
