import {
  deserializeTelemetry,
  foldIntake,
  type SerializedTelemetry,
  serializeTelemetry,
} from '@downhaul/control';
import { unitHash } from '@downhaul/engine';
import { describe, expect, test } from 'vitest';
import { firstHarm } from '../support/crowd.ts';
import { exposure, Intake, outcome, ROLLOUT, someRollout, START_MS } from '../support/intake.ts';
import { generator } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const ERRORS = 'http.error_rate@60000';
const FIGURES = {
  baselineRate: 0.02,
  baselineUnits: 10_000,
  baselineUpper: 0.025,
  harmNull: { ratio: 1, excess: 0 },
  nonInferiorityNull: { ratio: 1, excess: 0.05 },
  harmBound: 0,
};

interface Traffic {
  readonly batches: number;
  readonly perBatch: number;
  readonly random: () => number;
  /** Chance to fail of a unit on iOS in treatment; all others fail in 2 %. */
  readonly iosFails: number;
  readonly alphaHarm?: number;
}

/** Half of the units in treatment, 5 % on iOS, all of them new. */
function lived(
  traffic: Traffic,
  maxUnits: number,
): { readonly intake: Intake; readonly ios: number } {
  const { batches, perBatch, random, iosFails, alphaHarm = 0.01 } = traffic;
  const intake = new Intake({ maxUnits });
  const slices = [
    { attribute: 'service', minimumSample: 0 },
    { attribute: 'platform', minimumSample: 0 },
  ];
  const allocations = [{ sharePerMillion: 500_000 }];
  const frozen = { nextStageUnits: 1, hypotheses: { [ERRORS]: FIGURES } };
  intake.change(someRollout({ plan: somePlan({ slices, alphaHarm }), allocations, frozen }));
  let ios = 0;
  for (let batch = 0; batch < batches; batch++) {
    const exposures = [];
    const outcomes = [];
    for (let number = 0; number < perBatch; number++) {
      const user = batch * perBatch + number;
      const unit = unitHash('salt', `user-${user}`);
      const platform = user % 20 === 0 ? 'ios' : 'web';
      const arm = random() < 0.5 ? 'treatment' : 'control';
      const atMs = START_MS + batch * MINUTE_MS + number;
      exposures.push(exposure({ unit, arm, atMs, slices: { platform } }));
      if (platform === 'ios') ios += 1;
      const fails = platform === 'ios' && arm === 'treatment' ? iosFails : 0.02;
      if (random() < fails) outcomes.push(outcome({ unit, atMs }));
    }
    intake.report({ exposures, outcomes });
    intake.closeThrough(batch);
  }
  intake.closeThrough(batches);
  return { intake, ios };
}

function valuesOf({ evidence }: Intake) {
  return Object.fromEntries(
    evidence.slices.map(({ value, units, verdict }) => [value, { ...units, verdict }]),
  );
}

describe('above the limit of units', () => {
  test('a small platform is kept whole, and all units are a sample that takes every platform alike', () => {
    const { intake, ios } = lived(
      { batches: 10, perBatch: 800, random: generator(1), iosFails: 0.02 },
      1_500,
    );
    const values = valuesOf(intake);
    expect((values['ios']?.treatment ?? 0) + (values['ios']?.control ?? 0)).toBe(ios);
    const { measuredShare, units } = intake.evidence;
    expect(measuredShare).toBeLessThanOrEqual(1 / 4);
    const counted = intake.totals(ERRORS);
    expect(units.treatment + units.control).toBeLessThan(8_000 * measuredShare * 1.2);
    const measured = [
      ...(intake.state.rollouts.get(ROLLOUT)?.cohorts.get(0)?.units.values() ?? []),
    ];
    expect(measured).toHaveLength(units.treatment + units.control);
    const rare = measured.filter(({ slices }) => slices !== measured[1]?.slices).length;
    expect(rare / measured.length).toBeGreaterThan(0.02);
    expect(rare / measured.length).toBeLessThan(0.09);
    expect(counted?.control.units).toBeGreaterThan(0);
  });

  test('harm on it is found by all of its units', () => {
    const traffic = { batches: 10, perBatch: 800, iosFails: 0.4 };
    const { intake } = lived({ ...traffic, random: generator(2) }, 1_500);
    expect(valuesOf(intake)['ios']?.verdict).toBe('harmful');
    const whole = lived({ ...traffic, random: generator(2) }, 1_000_000).intake;
    const id = `${ERRORS}[platform=ios]`;
    expect(intake.totals(id)).toEqual(whole.totals(id));
    expect(intake.totals(ERRORS)?.treatment.units).toBeLessThan(
      (whole.totals(ERRORS)?.treatment.units ?? 0) / 2,
    );
  });

  test('folding goes on from a checkpoint as if it had never stopped (invariant 8)', () => {
    const { intake } = lived(
      { batches: 6, perBatch: 800, random: generator(3), iosFails: 0.02 },
      1_500,
    );
    const text = JSON.stringify(serializeTelemetry(intake.state));
    for (const at of [3, 6, 9]) {
      const half = new Intake({ maxUnits: 1_500 });
      for (const row of intake.rows.slice(0, at)) foldIntake(half.state, row);
      const written = JSON.stringify(serializeTelemetry(half.state));
      const again = deserializeTelemetry(JSON.parse(written) as SerializedTelemetry);
      if (again === undefined) expect.fail('the checkpoint was refused');
      for (const row of intake.rows.slice(at)) foldIntake(again, row);
      expect(JSON.stringify(serializeTelemetry(again))).toBe(text);
    }
  });

  test('users who fail in every stage, on whatever platform they come, are no false alarm', () => {
    const runs = runsOf(40);
    const alpha = 0.1;
    const alarms = countRuns(runs, (seed) => {
      const random = generator(seed + 100);
      const fails = Array.from({ length: 400 }, () => random() < 0.2);
      const harm = firstHarm(
        {
          users: 400,
          comes: 0.7,
          shares: Array.from({ length: 8 }, (_, stage) => (stage + 1) / 16),
          // The first attempt has half of alpha.
          alphaHarm: 2 * alpha,
          rate: 0.2,
          failure: ({ user }) => (fails[user] === true ? 1 : 0),
          maxUnits: 500,
          platform: (user, stage) => ((user + stage) % 4 === 0 ? 'ios' : 'web'),
        },
        { seed },
      );
      return harm !== undefined;
    });
    expectAtMostAlpha(alarms, runs, alpha);
  });

  test('false alarms are at most alpha', () => {
    const runs = runsOf(40);
    const alpha = 0.1;
    const alarms = countRuns(runs, (seed) => {
      const random = generator(seed);
      const { intake } = lived(
        // The first attempt has half of alpha.
        { batches: 8, perBatch: 500, random, iosFails: 0.02, alphaHarm: 2 * alpha },
        700,
      );
      return intake.evidence.assessment.harm.harmful;
    });
    expectAtMostAlpha(alarms, runs, alpha);
  });
});
