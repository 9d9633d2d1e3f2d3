import { describe, expect, test } from 'vitest';
import {
  activity,
  exposure,
  Intake,
  outcome,
  ROLLOUT,
  someRollout,
  START_MS,
  unitOf,
} from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const ERRORS = 'http.error_rate@60000';
const LATENCY = { metric: 'http.latency', quantile: 0.99, worse: 'higher' } as const;

function running(change: Parameters<typeof someRollout>[0] = {}): Intake {
  const intake = new Intake();
  intake.change(someRollout(change));
  return intake;
}

function telemetryOf(intake: Intake) {
  return intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
}

describe('a unit and its outcomes', () => {
  test('enter with 0 or 1 in the batch in which the horizon closes, not before', () => {
    const intake = running();
    intake.report({
      exposures: [
        exposure({ unit: unitOf(1), atMs: START_MS + 1 }),
        exposure({ unit: unitOf(2), atMs: START_MS, arm: 'treatment' }),
      ],
      outcomes: [outcome({ unit: unitOf(2), atMs: START_MS + 5 })],
    });
    intake.closeThrough(0);
    expect(intake.totals(ERRORS)).toEqual({
      treatment: { units: 1, bad: 1 },
      control: { units: 0, bad: 0 },
    });
    intake.closeThrough(1);
    expect(intake.totals(ERRORS)?.control).toEqual({ units: 1, bad: 0 });
  });

  test('join across services in either order of arrival', () => {
    for (const order of ['exposure first', 'outcome first']) {
      const intake = running();
      const reports = [
        () => intake.report({ exposures: [exposure({ arm: 'treatment' })] }, 'storefront'),
        () => intake.report({ instance: 'pay-1', outcomes: [outcome()] }, 'payments'),
      ];
      for (const send of order === 'exposure first' ? reports : reports.toReversed()) send();
      intake.closeThrough(0);
      expect(intake.totals(ERRORS)?.treatment, order).toEqual({ units: 1, bad: 1 });
    }
  });

  test('count from the first activity to the end of the horizon, both included', () => {
    const atMs = START_MS + 1_000;
    const bad = (outcomeAtMs: number) => {
      const intake = running();
      intake.report({
        exposures: [exposure({ atMs })],
        outcomes: [outcome({ atMs: outcomeAtMs })],
      });
      intake.closeThrough(1);
      return intake.totals(ERRORS)?.control.bad;
    };
    expect(bad(atMs - 1)).toBe(0);
    expect(bad(atMs)).toBe(1);
    expect(bad(atMs + MINUTE_MS)).toBe(1);
    expect(bad(atMs + MINUTE_MS + 1)).toBe(0);
  });

  test('count once, however often and by whomever they are reported', () => {
    const intake = running();
    for (const instance of ['store-1', 'store-2', 'store-3']) {
      intake.report({
        instance,
        exposures: [exposure({ atMs: START_MS + 3 })],
        outcomes: [outcome({ atMs: START_MS + 4 }), outcome({ atMs: START_MS + 5 })],
      });
    }
    intake.closeThrough(1);
    expect(intake.totals(ERRORS)?.control).toEqual({ units: 1, bad: 1 });
  });

  test('count at every horizon by itself', () => {
    const plan = somePlan({ horizonsMs: [MINUTE_MS, 10 * MINUTE_MS] });
    const intake = running({ plan });
    intake.report({ exposures: [exposure()] });
    intake.closeThrough(0);
    intake.report({ outcomes: [outcome({ atMs: START_MS + 5 * MINUTE_MS })] });
    intake.closeThrough(9);
    expect(intake.totals(ERRORS)?.control).toEqual({ units: 1, bad: 0 });
    expect(intake.totals('http.error_rate@600000')?.control).toEqual({ units: 1, bad: 1 });
  });

  test('of one flag count for that flag only', () => {
    const intake = running();
    intake.report({ exposures: [exposure()], outcomes: [outcome({ flag: 'another' })] });
    intake.closeThrough(0);
    expect(intake.totals(ERRORS)?.control).toEqual({ units: 1, bad: 0 });
  });

  test('after the last horizon are dropped and counted', () => {
    const intake = running();
    intake.report({ exposures: [exposure()] });
    intake.closeThrough(0);
    intake.report({ outcomes: [outcome({ atMs: START_MS + 10 })] });
    intake.closeThrough(1);
    expect(intake.totals(ERRORS)?.control).toEqual({ units: 1, bad: 0 });
    expect(intake.evidence.dropped.lateOutcomes).toBe(1);
  });

  test('are bad by what did not happen where less is worse', () => {
    const signal = { metric: 'checkout.completed', worse: 'lower', weight: 1 } as const;
    const plan = somePlan({ signals: [{ ...signal, margin: { relative: 0.02, absolute: 0 } }] });
    const intake = running({ plan });
    intake.report({
      exposures: [exposure({ unit: unitOf(1) }), exposure({ unit: unitOf(2) })],
      outcomes: [outcome({ unit: unitOf(1), metric: signal.metric, value: 2 })],
    });
    intake.closeThrough(0);
    expect(intake.totals('checkout.completed@60000')?.control).toEqual({ units: 2, bad: 1 });
  });

  test('are slow above the bucket that was frozen with the stage, and not judged without one', () => {
    const plan = somePlan({
      guardrails: [{ ...LATENCY, margin: { relative: 0.1, absolute: 0 }, weight: 1 }],
    });
    const frozen = {
      nextStageUnits: 1,
      hypotheses: {
        'http.latency:p99@60000': {
          baselineRate: 0.01,
          baselineUnits: 1000,
          baselineUpper: 0.02,
          harmNull: { ratio: 1, excess: 0.005 },
          nonInferiorityNull: { ratio: 1, excess: 0.005 },
          harmBound: 1,
          latencyBucket: 200,
        },
      },
    };
    for (const figures of [frozen, undefined]) {
      const intake = running({ plan, ...(figures ? { frozen: figures } : {}) });
      intake.report({
        exposures: [1, 2, 3].map((unit) => exposure({ unit: unitOf(unit) })),
        outcomes: [
          outcome({ unit: unitOf(1), metric: 'http.latency', value: 200 }),
          outcome({ unit: unitOf(2), metric: 'http.latency', value: 201 }),
        ],
      });
      intake.closeThrough(0);
      const expected = figures && { units: 3, bad: 1 };
      expect(intake.totals('http.latency:p99@60000')?.control).toEqual(expected);
    }
  });
});

describe('arms', () => {
  test('that a version did not have, or had at share zero, count nowhere', () => {
    const intake = running({ allocations: [{ sharePerMillion: 0 }] });
    intake.report({ exposures: [exposure({ arm: 'treatment' }), exposure({ stage: 1 })] });
    intake.report({ exposures: [exposure({ version: 9 }), exposure({ allocation: 3 })] });
    expect(intake.evidence.units).toEqual({ treatment: 0, control: 0 });
    expect(intake.evidence.dropped.impossibleArm).toBe(4);
  });

  test('of a unit seen in both are the one seen first, whatever arrives first', () => {
    for (const reversed of [false, true]) {
      const intake = running();
      const sightings = [
        exposure({ arm: 'treatment', atMs: START_MS + 1 }),
        exposure({ arm: 'control', atMs: START_MS + 2 }),
      ];
      for (const item of reversed ? sightings.toReversed() : sightings) {
        intake.report({ exposures: [item] });
      }
      expect(intake.evidence.units).toEqual({ treatment: 1, control: 0 });
      expect(intake.evidence.dropped.secondArm).toBe(1);
    }
  });

  test('that were not served count as assigned', () => {
    const intake = running();
    intake.report({ exposures: [exposure({ arm: 'treatment', served: false })] });
    expect(intake.evidence.units).toEqual({ treatment: 1, control: 0 });
  });

  test('are tested at a raise by those who were in control, at the share that was added', () => {
    const intake = running({ allocations: [{ sharePerMillion: 200_000 }] });
    const units = [1, 2, 3];
    const arms = ['treatment', 'control', 'control'] as const;
    intake.report({
      exposures: units.map((unit, index) =>
        exposure({ unit: unitOf(unit), arm: arms[index] ?? 'control' }),
      ),
    });
    intake.closeThrough(0);
    intake.change(
      someRollout({
        stage: 1,
        allocations: [{ sharePerMillion: 600_000 }],
        stageEnteredAtMs: START_MS + MINUTE_MS,
        version: 20,
      }),
    );
    const raised = { stage: 1, version: 20, arm: 'treatment', atMs: START_MS + MINUTE_MS } as const;
    intake.report({
      exposures: [
        exposure({ ...raised, unit: unitOf(1) }),
        exposure({ ...raised, unit: unitOf(2) }),
        exposure({ ...raised, unit: unitOf(3), arm: 'control' }),
        exposure({ ...raised, unit: unitOf(4) }),
      ],
    });
    intake.closeThrough(2);
    const assigned = Object.values(telemetryOf(intake).judge.assignments);
    expect(assigned).toEqual([
      { stage: 0, stratum: '0', share: 0.2, treatment: 1, control: 2 },
      { stage: 1, stratum: '0', share: expect.closeTo(0.5) as number, treatment: 1, control: 1 },
      { stage: 1, stratum: '0', share: 0.6, treatment: 1, control: 0 },
    ]);
  });
});

describe('what is measured', () => {
  test('goes on in the older stage until its horizons have closed', () => {
    const plan = somePlan({ horizonsMs: [MINUTE_MS, 10 * MINUTE_MS] });
    const intake = running({ plan });
    intake.report({ exposures: [exposure({ arm: 'treatment' })] });
    intake.closeThrough(1);
    const stageEnteredAtMs = intake.nowMs;
    const allocations = [{ sharePerMillion: 500_000 }];
    intake.change(someRollout({ plan, stage: 1, allocations, stageEnteredAtMs, version: 20 }));
    intake.report({ outcomes: [outcome({ atMs: START_MS + 3 * MINUTE_MS })] });
    intake.closeThrough(9);
    expect(intake.totals('http.error_rate@600000', 0)?.treatment).toEqual({ units: 1, bad: 1 });
  });

  test('is a fixed slice of the units above their number, whatever the order', () => {
    const counts = [false, true].map((reversed) => {
      const intake = new Intake({ maxUnits: 100 });
      intake.change(someRollout());
      const spread = (unit: number) => unitOf(unit * 0x9e3779b97f4a7).slice(-16);
      const units = Array.from({ length: 300 }, (_, index) => spread(index + 1));
      for (const unit of reversed ? units.toReversed() : units) {
        intake.report({ exposures: [exposure({ unit })] });
      }
      return { units: intake.evidence.units, share: intake.evidence.measuredShare };
    });
    expect(counts[0]?.units.control).toBeLessThanOrEqual(100);
    expect(counts[0]?.share).toBeLessThan(1);
    expect(counts[0]).toEqual(counts[1]);
  });

  test('ends with the rollout, and with an earlier attempt when a new one begins', () => {
    const intake = running();
    intake.report({ exposures: [exposure()] });
    intake.change(
      someRollout({ id: 'default/production/new-checkout#2', attempt: 2, version: 30 }),
    );
    expect(telemetryOf(intake).rollout.status).toBe('ended');
    expect(telemetryOf(intake).cohorts.size).toBe(0);
    expect(intake.state.environments.get('default/production')?.measured).toEqual([
      'default/production/new-checkout#2',
    ]);
  });

  test('while the flag is down counts as recovery, until the rollout goes on', () => {
    const intake = running();
    intake.report({ exposures: [exposure({ arm: 'treatment' })] });
    intake.change(someRollout({ status: 'paused', version: 11 }));
    intake.report({ exposures: [exposure({ stage: -2, version: 11 })] });
    expect([...telemetryOf(intake).cohorts.keys()]).toEqual([0, -2]);
    intake.change(someRollout({ version: 12 }));
    expect([...telemetryOf(intake).cohorts.keys()]).toEqual([0]);
    intake.change(someRollout({ status: 'rolledBack', version: 13 }));
    const open = [...telemetryOf(intake).cohorts.values()].map((cohort) => [
      cohort.stage,
      cohort.open,
    ]);
    expect(open).toEqual([
      [0, false],
      [-2, true],
    ]);
  });

  test('after a rollback still counts the last ones of the stage, judged no more', () => {
    const intake = running();
    intake.report({ exposures: [exposure({ unit: unitOf(10), arm: 'treatment' })] });
    intake.change(someRollout({ status: 'rolledBack', version: 13 }));
    const late = [exposure({ unit: unitOf(11), arm: 'treatment' }), exposure({ unit: unitOf(10) })];
    intake.report({ exposures: late });
    const { counts, due, units } = telemetryOf(intake).cohorts.get(0) ?? {};
    expect(counts).toEqual({ treatment: 2, control: 0 });
    const waiting = [...(due?.values() ?? [])].flatMap((rows) => [...rows]);
    expect(waiting).not.toContain(units?.get(unitOf(11))?.row);
  });

  test('is nothing of another environment', () => {
    const intake = running();
    const body = { instance: 'x', exposures: [exposure()], activity: [activity()] };
    intake.add({
      type: 'report',
      scope: { project: 'default', environment: 'staging', service: 'storefront' },
      report: {
        ...body,
        sequence: 1,
        sentAtMs: START_MS,
        version: 1,
        outcomes: [],
        dropped: { exposures: 0, outcomes: 0 },
      },
    });
    expect(intake.evidence.units).toEqual({ treatment: 0, control: 0 });
  });
});
