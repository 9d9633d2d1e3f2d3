import {
  createTelemetryState,
  deserializeTelemetry,
  evidenceOf,
  foldIntake,
  instanceKey,
  type IntakeRow,
  type SerializedTelemetry,
  serializeTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import type { Arm, TelemetryReport } from '@downhaul/engine';
import fc from 'fast-check';
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
import { Simulation } from '../support/simulation.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const SYNTHETIC = { synthetic: true } as const;

/** A rollout that is rolled back by harm, as its rows. */
const SIMULATION = new Simulation({
  plan: somePlan({
    baselineMs: 3 * MINUTE_MS,
    stages: [200_000, 1_000_000].map((sharePerMillion) => ({
      allocations: [{ sharePerMillion }],
      bakeMs: 2 * MINUTE_MS,
      minimumSample: 0,
    })),
    slices: [{ attribute: 'platform', minimumSample: 10 }],
  }),
  seed: 11,
  users: 3_000,
  visitsPerReport: 60,
  context: (user) => ({ platform: user.endsWith('1') ? 'tv' : 'web' }),
  outcome: ({ arm, random }) => ({
    failed: random() < (arm === 'treatment' ? 0.3 : 0.05),
    latencyMs: 10,
  }),
});
SIMULATION.run(60 * MINUTE_MS, ({ status }) => status === 'rolledBack');
const ROWS: readonly IntakeRow[] = SIMULATION.rows;

function fold(rows: readonly IntakeRow[]): TelemetryState {
  const state = createTelemetryState({ graceMs: 10_000 });
  for (const row of rows) foldIntake(state, row);
  return state;
}

/** Every figure of a rollout but those of the synthetic cohort, and of the environment what plans look at. */
function figures(state: TelemetryState) {
  const [telemetry] = state.rollouts.values();
  const [environment] = state.environments.values();
  const { synthetic, ...evidence } = evidenceOf(state, telemetry?.id ?? '', state.atMs)!;
  return {
    evidence,
    judge: telemetry?.judge,
    dimensions: telemetry?.dimensions,
    metrics: environment?.metrics,
    traffic: environment?.traffic,
    told: synthetic.length,
  };
}

interface Extra {
  readonly unit: string;
  readonly copies: boolean;
  readonly arm: Arm;
  readonly value: number;
}

const random: fc.Arbitrary<Extra> = fc.record({
  unit: fc.nat(50).map(unitOf),
  copies: fc.boolean(),
  arm: fc.constantFrom<Arm[]>('control', 'treatment'),
  value: fc.nat(2),
});

/** The report with synthetic copies of its own items, and others. */
function withSynthetic(report: TelemetryReport, extra: Extra) {
  const { exposures, outcomes, activity: used } = report;
  const [first] = exposures;
  const made = first === undefined ? [] : [{ ...first, unit: extra.unit, arm: extra.arm }];
  const copies = extra.copies
    ? { exposures, outcomes, used }
    : { exposures: [], outcomes: [], used: [] };
  const mark = <Item extends object>(item: Item) => ({ ...item, ...SYNTHETIC });
  const failure = {
    unit: extra.unit,
    metric: 'http.error_rate',
    atMs: report.sentAtMs,
    value: extra.value,
  };
  return {
    ...report,
    exposures: [...[...copies.exposures, ...made].map(mark), ...exposures],
    outcomes: [...[...copies.outcomes, failure].map(mark), ...outcomes],
    activity: [...copies.used.map(mark), ...used],
  };
}

describe('synthetic traffic', () => {
  test('changes no figure of the judge, whatever it is', () => {
    const expected = figures(fold(ROWS));
    expect(expected.evidence.assessment.harm.harmful).toBe(true);
    expect(expected.told).toBe(0);
    fc.assert(
      fc.property(fc.array(random, { minLength: 20, maxLength: 20 }), (extras) => {
        const rows = ROWS.map((row, index) =>
          row.type === 'report'
            ? { ...row, report: withSynthetic(row.report, extras[index % extras.length]!) }
            : row,
        );
        const found = figures(fold(rows));
        expect(found.told).toBeGreaterThan(0);
        expect({ ...found, told: 0 }).toEqual(expected);
      }),
      { numRuns: 12, seed: 3 },
    );
  });

  test('is counted apart by stage and arm, failures in either order of arrival', () => {
    const intake = new Intake();
    intake.change(someRollout());
    const seen = [1, 2, 3].map((number) =>
      exposure({ unit: unitOf(number), arm: number === 3 ? 'control' : 'treatment', ...SYNTHETIC }),
    );
    intake.report({ instance: 'pay-1', outcomes: [outcome({ ...SYNTHETIC })] }, 'payments');
    intake.report({ exposures: seen });
    intake.report({
      outcomes: [
        outcome({ unit: unitOf(2), metric: 'http.latency', value: 400, ...SYNTHETIC }),
        outcome({ unit: unitOf(3), flag: 'another', ...SYNTHETIC }),
        // A person's failure with the same unit is no probe's.
        outcome({ unit: unitOf(2) }),
      ],
    });
    expect(intake.evidence.synthetic).toEqual([
      { stage: 0, treatment: { units: 2, bad: 1 }, control: { units: 1, bad: 0 } },
    ]);
    expect(intake.evidence.units).toEqual({ treatment: 0, control: 0 });
    const checkpoint = JSON.stringify(serializeTelemetry(intake.state));
    const again = deserializeTelemetry(JSON.parse(checkpoint) as SerializedTelemetry);
    if (again === undefined) expect.fail('the checkpoint was refused');
    expect(evidenceOf(again, ROLLOUT, intake.nowMs)?.synthetic).toEqual(intake.evidence.synthetic);
  });

  test('is bounded, whatever a load test sends', () => {
    const intake = new Intake();
    intake.change(someRollout());
    for (let report = 0; report < 3; report++) {
      const exposures = Array.from({ length: 4_000 }, (_, number) =>
        exposure({ unit: unitOf(report * 4_000 + number), ...SYNTHETIC }),
      );
      intake.report({ exposures });
    }
    expect(intake.evidence.synthetic[0]?.control.units).toBe(10_000);
    expect(intake.state.rollouts.get(ROLLOUT)?.synthetic.beyond).toBe(2_000);
  });

  test.each([
    ['exposure', { exposures: [exposure({ arm: 'treatment', ...SYNTHETIC })] }],
    ['repeated use', { activity: [activity({ arm: 'treatment', ...SYNTHETIC })] }],
  ])('that uses treatment is a use to the proof of silence: %s', (_what, items) => {
    const intake = new Intake();
    intake.change(someRollout());
    intake.report(items);
    expect(
      intake.state.rollouts.get(ROLLOUT)?.treatmentUse.get(instanceKey('storefront', 'store-1')),
    ).toEqual({
      atMs: START_MS,
      sequence: 1,
    });
    expect(intake.state.rollouts.get(ROLLOUT)?.heard.signs).toEqual({ control: 0, treatment: 0 });
  });
});
