import { describe, expect, test } from 'vitest';
import { exposure, Intake, outcome, someRollout, START_MS, unitOf } from '../support/intake.ts';
import { generator } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';
import { Simulation } from '../support/simulation.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const ERRORS = 'http.error_rate@60000';
const PLATFORM = { attribute: 'platform', minimumSample: 100 };
const SERVICE = { attribute: 'service', minimumSample: 100 };

function running(plan: Parameters<typeof somePlan>[0]): Intake {
  const intake = new Intake();
  const figures = {
    baselineRate: 0.01,
    baselineUnits: 10_000,
    baselineUpper: 0.012,
    harmNull: { ratio: 1.05, excess: 0.0005 },
    nonInferiorityNull: { ratio: 1.05, excess: 0.02 },
    harmBound: 0,
  };
  const frozen = { nextStageUnits: 1, hypotheses: { [ERRORS]: figures } };
  intake.change(someRollout({ plan: somePlan(plan), frozen }));
  return intake;
}

function valuesOf(intake: Intake, dimension: string) {
  return intake.evidence.slices
    .filter((each) => each.dimension === dimension)
    .map(({ value, units }) => [value, units.treatment, units.control]);
}

describe('the value of a unit', () => {
  test('is that of its first exposure by time, whatever the order of arrival', () => {
    const sightings = [
      { atMs: START_MS + 5, slices: { platform: 'web' } },
      { atMs: START_MS + 1, slices: { platform: 'ios' } },
      { atMs: START_MS + 1, slices: { platform: 'tv' } },
      { atMs: START_MS + 3 },
    ];
    for (const order of [sightings, sightings.toReversed()]) {
      const intake = running({ slices: [PLATFORM] });
      for (const sighting of order) intake.report({ exposures: [exposure(sighting)] });
      intake.closeThrough(0);
      expect(valuesOf(intake, 'platform').filter(([, , control]) => control === 1)).toEqual([
        ['ios', 0, 1],
      ]);
    }
  });

  test('is unknown where an older SDK sends none, and nothing where the plan names none', () => {
    const sliced = running({ slices: [PLATFORM] });
    const plain = running({ slices: ['platform'] });
    for (const intake of [sliced, plain]) {
      intake.report({ exposures: [exposure()] });
      intake.closeThrough(0);
    }
    expect(valuesOf(sliced, 'platform')).toEqual([['unknown', 0, 1]]);
    expect(plain.evidence.slices).toEqual([]);
  });

  test.each(['constructor', '__proto__', 'toString'])(
    'of an attribute called %s is not what every object has',
    (attribute) => {
      const intake = running({ slices: [{ attribute, minimumSample: 100 }] });
      intake.report({ exposures: [exposure({ slices: { platform: 'web' } }), exposure()] });
      intake.closeThrough(0);
      expect(valuesOf(intake, attribute)).toEqual([['unknown', 0, 1]]);
    },
  );

  test('counts with all further ones as other after the fiftieth', () => {
    const intake = running({ slices: [PLATFORM] });
    const exposures = Array.from({ length: 60 }, (_, number) =>
      exposure({ unit: unitOf(number), slices: { platform: `p${number}` } }),
    );
    intake.report({ exposures });
    intake.closeThrough(0);
    const values = valuesOf(intake, 'platform');
    expect(values).toHaveLength(51);
    expect(values).toContainEqual(['other', 0, 10]);
  });
});

describe('a service', () => {
  test('has the failures that it reported, among all units, and is known before it reports any', () => {
    const intake = running({ slices: [SERVICE] });
    intake.report({ instance: 'pay-1' }, 'payments');
    const units = [1, 2, 3, 4].map(unitOf);
    intake.report({
      exposures: units.map((unit) => exposure({ unit, arm: 'treatment' })),
      outcomes: [outcome({ unit: unitOf(1) })],
    });
    intake.report(
      { instance: 'pay-1', outcomes: [1, 2].map((unit) => outcome({ unit: unitOf(unit) })) },
      'payments',
    );
    intake.report({ instance: 'mail-1' }, 'mail');
    intake.closeThrough(1);
    const bad = (service: string) => intake.totals(`${ERRORS}[service=${service}]`)?.treatment;
    expect(bad('storefront')).toEqual({ units: 4, bad: 1 });
    expect(bad('payments')).toEqual({ units: 4, bad: 2 });
    expect(bad('mail')).toEqual({ units: 4, bad: 0 });
    expect(intake.totals(ERRORS)?.treatment).toEqual({ units: 4, bad: 2 });
  });

  test('is charged with an outcome that came before its exposure, too', () => {
    const intake = running({ slices: [SERVICE] });
    intake.report({ instance: 'pay-1', outcomes: [outcome()] }, 'payments');
    intake.report({ exposures: [exposure({ arm: 'treatment' })] });
    intake.closeThrough(0);
    expect(intake.totals(`${ERRORS}[service=payments]`)?.treatment).toEqual({ units: 1, bad: 1 });
  });
});

/** A rollout in virtual time in which 5 % of the users are on iOS. */
function simulated(
  seed: number,
  failure: (visit: { readonly ios: boolean; readonly treated: boolean }) => number,
  hidden: (visit: { readonly ios: boolean; readonly treated: boolean }) => number = () => 0,
) {
  const isIos = (user: string) => Number(user.slice(5)) % 20 === 0;
  const simulation = new Simulation({
    plan: somePlan({
      stages: [100_000, 500_000, 1_000_000].map((sharePerMillion) => ({
        allocations: [{ sharePerMillion }],
        bakeMs: 30 * MINUTE_MS,
        minimumSample: 0,
      })),
      slices: [SERVICE, PLATFORM],
      guardrails: [
        {
          metric: 'http.error_rate',
          worse: 'higher',
          margin: { relative: 0.3, absolute: 0.005 },
          weight: 1,
        },
      ],
    }),
    seed,
    users: 400_000,
    visitsPerReport: 400,
    context: (user) => ({ platform: isIos(user) ? 'ios' : 'web' }),
    outcome: ({ user, arm, random }) => ({
      failed: random() < failure({ ios: isIos(user), treated: arm === 'treatment' }),
      latencyMs: 20,
    }),
    arrives: ({ user, arm, random }) =>
      random() >= hidden({ ios: isIos(user), treated: arm === 'treatment' }),
  });
  simulation.run(120 * MINUTE_MS, ({ status }) => status === 'rolledBack' || status === 'held');
  return simulation;
}

describe('one platform alone', () => {
  test('that fails twenty times as often rolls back, and is named', () => {
    const { rollout, steps } = simulated(3, ({ ios, treated }) => (ios && treated ? 0.2 : 0.01));
    expect(rollout.status).toBe('rolledBack');
    expect(rollout.cause?.code).toBe('harm');
    expect(rollout.cause?.text).toContain('platform=ios');
    expect(rollout.cause?.text).not.toContain('platform=web');
    const { command } = steps.at(-1)?.step ?? {};
    if (command?.type !== 'rollbackRollout') expect.fail('there is no rollback');
    expect(command.evidence?.sentences.join(' ')).toMatch(/on platform=ios: .* at least [2-9]/);
  });

  test('that loses its treatment units rolls back as a deficit, and is named', () => {
    const { rollout } = simulated(
      4,
      () => 0.01,
      ({ ios, treated }) => (ios && treated ? 0.5 : 0),
    );
    expect(rollout.status).toBe('rolledBack');
    expect(rollout.cause?.code).toBe('treatment_missing');
    expect(rollout.cause?.text).toContain('(platform=ios)');
  });
});

describe('false rollbacks with slices, a look at every batch', () => {
  test('are at most alpha', () => {
    const runs = runsOf(60);
    const alpha = 0.1;
    const alarms = countRuns(runs, (seed) => {
      const random = generator(seed);
      const intake = running({ slices: [SERVICE, PLATFORM], alphaHarm: 2 * alpha });
      intake.nowMs = START_MS;
      for (let batch = 0; batch < 15; batch++) {
        tellBatch(intake, batch, random);
        intake.closeThrough(batch);
        if (intake.evidence.assessment.harm.harmful) return true;
      }
      return false;
    });
    expectAtMostAlpha(alarms, runs, alpha);
  });
});

/** A batch of new units on six platforms whose rates differ, all at the very margin of harm. */
function tellBatch(intake: Intake, batch: number, random: () => number): void {
  const exposures = [];
  const outcomes = [];
  for (let number = 0; number < 400; number++) {
    const unit = unitOf(batch * 1_000 + number);
    const atMs = START_MS + batch * MINUTE_MS + number;
    const platform = Math.floor(random() * 6);
    const arm = random() < 0.25 ? 'treatment' : 'control';
    exposures.push(exposure({ unit, atMs, arm, slices: { platform: `p${platform}` } }));
    const rate = 0.01 * (1 + platform);
    const bad = arm === 'treatment' ? 1.05 * rate + 0.0005 : rate;
    if (random() < bad) outcomes.push(outcome({ unit, atMs }));
  }
  intake.report({ exposures, outcomes });
}
