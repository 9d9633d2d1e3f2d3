import {
  assumeService,
  checkScenario,
  type Plan,
  readScenario,
  type RunOutcome,
  runTask,
  type ServiceModel,
} from '@downhaul/control';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/rehearsal/random.ts';
import { rehearseOnce } from '../../src/rehearsal/virtual/rehearse-once.ts';
import { BRISK, CAREFUL, planOf, serviceOf } from '../support/rehearsal-plans.ts';

interface Rehearsed {
  readonly plan: Plan;
  readonly service: ServiceModel;
  readonly scenario: string;
}

function runs({ plan, service, scenario }: Rehearsed, count: number): RunOutcome[] {
  return runTask({ plan, service, scenario, seed: 'test', first: 0, runs: count });
}

const brisk = (scenario: string): Rehearsed => ({
  plan: BRISK,
  service: serviceOf(BRISK),
  scenario,
});
const careful = (scenario: string, traffic = {}): Rehearsed => ({
  plan: CAREFUL,
  service: serviceOf(CAREFUL, { unitsPerSecond: 50, errorRate: 0.02, ...traffic }),
  scenario,
});

describe('a run in virtual time', () => {
  it('climbs to the end where nothing is wrong', () => {
    const outcomes = runs(brisk('healthy'), 20);
    expect(outcomes.map(({ end }) => end)).toEqual(outcomes.map(() => 'completed'));
    for (const { enteredAtMs, harmedUnits, endedAtMs } of outcomes) {
      expect(harmedUnits).toBe(0);
      expect(enteredAtMs).toHaveLength(3);
      // A baseline of 10 s, three bakes of 20 s: no stage was cut short.
      expect(endedAtMs).toBeGreaterThanOrEqual(70_000);
    }
  });

  it.each([
    ['errors hit 25%', 'http.error_rate@4000'],
    ['latency slow 20% by 1500ms', 'http.latency:p95@4000'],
  ])('rolls «%s» back in the first stage and names what was hurt', (scenario, named) => {
    for (const outcome of runs(brisk(scenario), 20)) {
      expect(outcome).toMatchObject({ end: 'rolledBack', reason: 'harm', stage: 0 });
      expect(outcome.named).toEqual([named]);
      expect(outcome.harmedUnits).toBeGreaterThan(5);
      expect(outcome.harmedUnits).toBeLessThan(80);
    }
  });

  it.each(['lost treatment', 'lost control', 'lost both', 'lost treatment from 25%'])(
    'never ships in silence: %s (invariant 5)',
    (scenario) => {
      for (const { end, enteredAtMs } of runs(brisk(scenario), 10)) {
        expect(end).not.toBe('completed');
        expect(enteredAtMs.length).toBeLessThan(3);
      }
    },
  );

  it('finds units that crash before they report by their number', () => {
    const outcomes = runs(careful('crash 20%', { unitsPerSecond: 500 }), 5);
    for (const { end, reason, harmedUnits } of outcomes) {
      expect(end).toBe('rolledBack');
      expect(['treatment_missing', 'treatment_silent']).toContain(reason);
      expect(harmedUnits).toBeGreaterThan(0);
    }
  });

  it('does not ship what makes the whole service worse with the share', () => {
    const shared = careful('errors x20 from 5% shared', { unitsPerSecond: 200 });
    for (const { end, reason } of runs(shared, 3)) {
      expect(end).not.toBe('completed');
      expect(['shared_worse', 'service_worse']).toContain(reason);
    }
  });

  it('lets a failure wait until the share at which it begins', () => {
    for (const { end, stage, harmedUnits } of runs(careful('errors x4 from 25%'), 5)) {
      expect(end).toBe('rolledBack');
      expect(stage).toBeGreaterThanOrEqual(2);
      expect(harmedUnits).toBeGreaterThan(0);
    }
  });
});

const SIGNALLED = planOf({
  stages: ['5%', '50%'].map((share) => ({ share, bake: '30m' })),
  holdback: '10%',
  guardrails: [{ metric: 'order.placed', worse: 'lower', margin: { relative: '10%' } }],
  signals: [{ metric: 'refund', margin: { relative: '50%' } }],
  success: [{ metric: 'order.placed', better: 'higher', by: { relative: '1%' } }],
});

describe('a run is a function of its arguments', () => {
  it.each([
    brisk('healthy'),
    brisk('errors x9'),
    brisk('lost treatment from 25%'),
    careful('errors x2'),
    careful('errors x3 over 1h', { returning: 0.6 }),
    careful('traffic x0.02'),
    careful('errors x8 from 5% shared', { unitsPerSecond: 200 }),
    { plan: SIGNALLED, service: assumeService(SIGNALLED), scenario: 'refund x6' },
  ])('and looking when nothing can change changes nothing: $scenario', (rehearsed) => {
    const read = readScenario(rehearsed.scenario);
    if (!read.ok) expect.fail(rehearsed.scenario);
    const setting = { ...rehearsed, scenario: read.value };
    for (const seed of ['a', 'b', 'c']) {
      const quick = rehearseOnce(setting, randomOf(seed));
      const thorough = rehearseOnce(setting, randomOf(seed), { looksAlways: true });
      // What the last look waited for is told by a look alone.
      expect({ ...quick, waitedFor: '' }).toEqual({ ...thorough, waitedFor: '' });
    }
  });

  it('and runs are the same however they are divided', () => {
    const { plan, service, scenario } = brisk('errors x20');
    const task = { plan, service, scenario, seed: 'divided' };
    const whole = runTask({ ...task, first: 0, runs: 6 });
    const parts = [0, 2, 4].flatMap((first) => runTask({ ...task, first, runs: 2 }));
    expect(parts).toEqual(whole);
    expect(new Set(whole.map(({ harmedUnits }) => harmedUnits)).size).toBeGreaterThan(1);
  });
});

describe('users who come back', () => {
  it('are no evidence of harm, at any stage', () => {
    const back = careful('healthy', { returning: 0.9, errorRate: 0.05 });
    const outcomes = runs(back, 40);
    // Alpha is 1 %, half of it for a first attempt: more than two of forty is no chance.
    expect(outcomes.filter(({ end }) => end === 'rolledBack').length).toBeLessThanOrEqual(2);
    expect(outcomes.filter(({ end }) => end === 'completed').length).toBeGreaterThan(30);
  });

  it('are not needed to find a late failure', () => {
    const outcomes = runs(careful('errors x4 from 50%', { returning: 0.5 }), 10);
    expect(outcomes.map(({ end }) => end)).toEqual(outcomes.map(() => 'rolledBack'));
  });
});

describe.each([3, 5, 6, 7, 12, 20, 40])('a plan of %i stages', (count) => {
  const shares = Array.from({ length: count }, (_, index) =>
    Number((5 + (85 * index) / (count - 1)).toFixed(2)),
  );
  const plan = planOf({
    baseline: '10s',
    stages: shares.map((share) => ({ share: `${share}%`, bake: '4s' })),
    guardrails: [{ metric: 'http.error_rate', margin: { relative: '20%', absolute: 0.03 } }],
    harmBudget: 200,
    reactionTime: '10s',
    batch: '1s',
    horizons: ['1s'],
    whenBlind: { hold: '30s', then: 'pause' },
    whenStageTooLong: { after: '10m', then: 'pause' },
  });

  it.each([0, 1])(
    'finds what fails from its last stage on, %s of the units returning',
    (returning) => {
      const service = {
        ...serviceOf(plan, { unitsPerSecond: 400, errorRate: 0.02, returning }),
        timing: { graceMs: 2_000, reportIntervalMs: 1_000, delayMs: 500 },
      };
      const scenario = `errors hit 60% from ${shares.at(-1)}%`;
      for (const { end, stage, reason } of runs({ plan, service, scenario }, 3)) {
        expect({ end, stage, reason }).toEqual({
          end: 'rolledBack',
          stage: count - 1,
          reason: 'harm',
        });
      }
    },
  );
});

describe('a failure «from» the share of a stage', () => {
  const planWith = (last: string, holdback: string) =>
    planOf({
      baseline: '10s',
      stages: ['20%', '50%', last].map((share) => ({ share, bake: '20s' })),
      guardrails: [{ metric: 'http.error_rate', margin: { relative: '20%', absolute: 0.03 } }],
      ...{ holdback, harmBudget: 200, reactionTime: '10s', batch: '1s', horizons: ['4s'] },
      whenBlind: { hold: '30s', then: 'pause' },
      whenStageTooLong: { after: '5m', then: 'pause' },
    });
  const scenarioOf = (text: string) => {
    const read = readScenario(text);
    return read.ok ? read.value : expect.fail(text);
  };

  it.each([
    ['5%', '100%'],
    ['50%', '100%'],
    ['60%', '50%'],
  ])('is played in it with a holdback of %s, from %s', (holdback, from) => {
    const plan = planWith('100%', holdback);
    const scenario = `errors hit 60% from ${from}`;
    expect(checkScenario(plan, scenarioOf(scenario), '')).toEqual([]);
    const service = {
      ...serviceOf(plan, { unitsPerSecond: 400 }),
      timing: { graceMs: 2_000, reportIntervalMs: 1_000, delayMs: 500 },
    };
    const began = from === '100%' ? 2 : 1;
    for (const { end, reason, stage, harmedUnits } of runs({ plan, service, scenario }, 3)) {
      expect({ end, reason, stage }).toEqual({ end: 'rolledBack', reason: 'harm', stage: began });
      expect(harmedUnits).toBeGreaterThan(0);
    }
  });

  it.each(['errors x3 from 100%', 'crash 5% from 96%', 'lost treatment from 95.5%'])(
    'is refused where no stage has it: «%s» with a last stage of 95 %',
    (text) => {
      expect(checkScenario(planWith('95%', '0%'), scenarioOf(text), '/scenarios/0')).toMatchObject([
        { code: 'scenario_never_begins', accepted: 'from 95% or less', path: '/scenarios/0' },
      ]);
    },
  );
});
