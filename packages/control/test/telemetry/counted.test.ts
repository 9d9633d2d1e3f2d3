import {
  deserializeTelemetry,
  dueReadings,
  foldIntake,
  serializeTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { forecast } from '../../src/check/forecast.ts';
import { Intake, ROLLOUT, SCOPE, someRollout, START_MS } from '../support/intake.ts';
import {
  MINUTE_MS,
  ERRORS,
  PROMETHEUS,
  plan,
  running,
  item,
  read,
  batches,
  stepOf,
} from '../support/requests.ts';

describe('requests counted by Prometheus', () => {
  test('roll back when treatment fails more often, and say that they are approximate', () => {
    const intake = running();
    batches(intake, 10, 0.1);
    const step = stepOf(intake);
    expect(step.command?.type).toBe('rollbackRollout');
    expect(step.sentences.join(' ')).toContain('Distinct users are not known');
    expect(step.sentences.join(' ')).toContain('fair sample cannot be checked');
  });

  test('let a healthy feature pass', () => {
    const intake = running();
    batches(intake, 60, 0.01);
    const { assessment } = intake.evidence;
    expect(assessment.harm.harmful).toBe(false);
    expect(assessment.nonInferiority).toMatchObject([{ hypothesis: ERRORS, passed: true }]);
    expect(assessment.srm.alarm).toBe(false);
  });

  test.each([
    ['goes up with', 40, 'advance'],
    ['waits for more of', 46, 'wait'],
    ['rolls back for', 80, 'harm'],
  ])('with one value per batch: %s it, whatever its size', (_, treatment, expected) => {
    const source = { ...PROMETHEUS, queries: { value: 'v{v="$arm"}[$window]' } } as const;
    const intake = new Intake();
    const figures = {
      ...{ baselineRate: 40, baselineUnits: 30, baselineUpper: 40, harmBound: 0 },
      harmNull: { ratio: 1.05, excess: 5 },
      nonInferiorityNull: { ratio: 1.05, excess: 5 },
    };
    const frozen = { nextStageUnits: 1_000, hypotheses: { [ERRORS]: figures } };
    const margin = { relative: 0.05, absolute: 5 };
    const guardrails = [{ metric: 'checkout.errors', margin, worse: 'higher' as const, weight: 1 }];
    const metrics = plan(source).metrics?.map((metric) => ({ ...metric, kind: 'mean' as const }));
    const valued = { ...plan(source), guardrails, ...(metrics ? { metrics } : {}) };
    intake.change(someRollout({ plan: valued, frozen }));
    for (let batch = 0; batch < 60; batch++) {
      const value = (of: number) => ({ exposure: 1, events: of + ((batch * 7) % 30) });
      const told = { arm: 'treatment' as const, ...value(treatment) };
      read(intake, [item(batch, value(40)), item(batch, told)]);
      intake.closeThrough(batch);
    }
    expect(stepOf(intake).step).toBe(expected);
    expect(stepOf(intake).sentences.join(' ')).toContain('checkout.errors');
    expect(forecast(valued, 10, {})).toMatchObject({ unknown: ['checkout.errors'], stops: [] });
  });

  test('count once, whoever else reads the same (invariant 7)', () => {
    const once = running();
    const twice = running();
    for (const intake of [once, twice]) read(intake, [item(0), item(0, { arm: 'treatment' })]);
    read(twice, [item(0, { events: 200 }), item(0, { arm: 'treatment', events: 200 })]);
    for (const intake of [once, twice]) intake.closeThrough(0);
    expect(twice.evidence.totals).toEqual(once.evidence.totals);
  });

  test.each([
    ['more bad requests than requests', { exposure: 10, events: 11 }],
    ['a count that sums of would overflow', { exposure: 1e308, events: 0 }],
    ['less than nothing', { exposure: -1, events: -1 }],
  ])('leave out %s, and go on', (_, wrong) => {
    const intake = running();
    read(intake, [item(0, wrong), item(0, { arm: 'treatment' })]);
    intake.closeThrough(0);
    const { counted, openBatch } =
      intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
    expect(counted.dropped.impossible).toBe(1);
    expect(openBatch).toBe(1);
  });

  test('are dropped and counted when their batch is closed', () => {
    const intake = running();
    intake.closeThrough(0);
    read(intake, [item(0)]);
    const counted = intake.state.rollouts.get(ROLLOUT)?.counted;
    expect(counted?.dropped.late).toBe(300);
    expect(counted?.metrics[0]?.open).toEqual([]);
    expect(intake.evidence.lateShare).toBe(1);
  });

  test('hold when the server cannot be read, by name and reason (invariant 5)', () => {
    const intake = running();
    batches(intake, 3, 0.01);
    const fault = {
      rollout: ROLLOUT,
      metric: 'checkout.errors',
      batch: 3,
      server: 'main',
      code: 'timeout',
      text: 'It did not answer in time.',
    };
    intake.add({ type: 'counted', scope: SCOPE, source: 'prometheus', items: [], faults: [fault] });
    intake.closeThrough(3);
    const step = stepOf(intake);
    expect(step.command).toMatchObject({ type: 'holdRollout', cause: { code: 'source_failing' } });
    expect(step.waitsFor?.text).toContain('checkout.errors from the Prometheus server main');
    expect(step.waitsFor?.text).toContain('did not answer in time');
    batches(intake, 1, 0.01);
    expect(stepOf(intake).step).not.toBe('hold');
  });

  test('hold when nothing comes of any arm for five batches (invariant 5)', () => {
    const intake = running();
    batches(intake, 3, 0.01);
    intake.closeThrough(8);
    const { command } = stepOf(intake);
    expect(command).toMatchObject({ type: 'holdRollout', cause: { code: 'source_stale' } });
  });

  test('roll back when treatment alone falls silent, as the plan says', () => {
    const intake = running();
    batches(intake, 5, 0.01);
    for (let batch = 5; batch < 60; batch++) {
      read(intake, [item(batch)]);
      intake.closeThrough(batch);
    }
    expect(intake.evidence.freshness).toBe('blind:treatment');
    expect(stepOf(intake).command).toMatchObject({
      type: 'rollbackRollout',
      cause: { code: 'treatment_silent' },
    });
  });

  test('still roll back while the source fails (invariant 4)', () => {
    const intake = running();
    batches(intake, 10, 0.1);
    intake.closeThrough(16);
    expect(stepOf(intake).command?.type).toBe('rollbackRollout');
  });

  test('refuse what is no count', () => {
    const intake = running();
    for (const events of [NaN, -1, Infinity]) read(intake, [item(0, { events })]);
    read(intake, [item(0, { metric: 'http.error_rate' })]);
    const counted = intake.state.rollouts.get(ROLLOUT)?.counted;
    expect(counted?.dropped.impossible).toBe(4);
    expect(counted?.metrics[0]?.open).toEqual([]);
  });

  test('go on after a restart as if there had been none (invariant 8)', () => {
    const intake = running();
    batches(intake, 3, 0.03);
    read(intake, [item(3)]);
    const stored = JSON.stringify(serializeTelemetry(intake.state));
    const restarted = deserializeTelemetry(JSON.parse(stored)) as TelemetryState;
    const from = intake.rows.length;
    batches(intake, 3, 0.03);
    for (const row of intake.rows.slice(from)) foldIntake(restarted, row);
    expect(serializeTelemetry(restarted)).toEqual(serializeTelemetry(intake.state));
  });
});

describe('a value per arm', () => {
  const VALUE = { ...PROMETHEUS, queries: { value: 'avg_over_time(m{v="$arm"}[$window])' } };

  /** Values around 200 in control, and so much higher in treatment. */
  function values(intake: Intake, count: number, higher: number): void {
    for (let batch = 0; batch < count; batch++) {
      const noise = (batch * 37) % 21;
      const control = { exposure: 1, events: 200 + noise };
      const treatment = { exposure: 1, events: 200 + higher + ((batch * 53) % 21) };
      read(intake, [item(batch, control), item(batch, { arm: 'treatment', ...treatment })]);
      intake.closeThrough(batch);
    }
  }

  test('is judged by its spread between batches alone', () => {
    const frozen = { baselineRate: 210, baselineUnits: 60, baselineUpper: 210 };
    const [same, worse] = [running(VALUE, frozen), running(VALUE, frozen)];
    values(same, 120, 0);
    values(worse, 120, 60);
    expect(same.evidence.assessment.harm.harmful).toBe(false);
    expect(worse.evidence.assessment.harm.harmful).toBe(true);
    expect(worse.evidence.nextFigures.hypotheses[ERRORS]).toMatchObject({
      nonInferiorityNull: { ratio: 1.05, excess: 0.0005 },
    });
  });
});

describe('queries about the whole service', () => {
  const SERVICE = { ...PROMETHEUS, queries: { bad: 'bad[$window]', total: 'total[$window]' } };

  test('compare no arms, and keep the history of the service', () => {
    const intake = running(SERVICE);
    for (let batch = 0; batch < 3; batch++) {
      read(intake, [item(batch, { arm: 'service' })]);
      intake.closeThrough(batch);
    }
    expect(intake.state.rollouts.get(ROLLOUT)?.hypotheses).toEqual([]);
    expect(intake.evidence.sources).toMatchObject([{ state: 'fresh' }]);
    expect(intake.evidence.freshness).toBe('fresh');
    const hours = intake.state.environments.get('default/production')?.hours;
    expect(hours?.get('storefront')?.get('checkout.errors')?.coarse.slice(1)).toEqual([900, 9]);
    intake.closeThrough(12);
    expect(stepOf(intake).command).toMatchObject({ cause: { code: 'source_stale' } });
  });
});

describe('readings that are due', () => {
  test('are of ended batches, so far back that scrapes have arrived, per arm', () => {
    const intake = running();
    const [first, ...others] = dueReadings(intake.state, START_MS + 2 * MINUTE_MS);
    // What lies before the stage is not compared with it: the first batch has no reading.
    expect(others).toEqual([]);
    expect(first).toMatchObject({ batch: 1, stage: 0, toMs: START_MS + 90_000, seenShare: 0.75 });
    expect(first?.arms.map(({ queries }) => queries)).toEqual([
      { bad: 'bad{v="off"}[60s]', total: 'total{v="off"}[60s]' },
      { bad: 'bad{v="on"}[60s]', total: 'total{v="on"}[60s]' },
    ]);
  });

  test('are not due where the stage changes within what they are about', () => {
    const intake = running();
    const changedAtMs = START_MS + 5 * MINUTE_MS;
    intake.closeThrough(4);
    const stage = { stage: 1, stageEnteredAtMs: changedAtMs, statusSinceMs: changedAtMs };
    intake.change(someRollout({ plan: plan(PROMETHEUS), version: 11, ...stage }));
    const due = dueReadings(intake.state, changedAtMs + 2 * MINUTE_MS);
    expect(due.map(({ batch, stage: of }) => [batch, of])).toEqual([[6, 1]]);
  });

  test('are of what can still be read, however long nobody looked', () => {
    const intake = running();
    const due = dueReadings(intake.state, START_MS + 100 * MINUTE_MS);
    expect(due.map(({ batch }) => batch)).toEqual([99]);
  });

  test('end a day after a rollback', () => {
    const intake = running();
    const statusSinceMs = START_MS + MINUTE_MS;
    intake.change(
      someRollout({ plan: plan(PROMETHEUS), version: 11, status: 'rolledBack', statusSinceMs }),
    );
    const hoursLater = (hours: number) =>
      dueReadings(intake.state, statusSinceMs + hours * 60 * MINUTE_MS).map(({ stage }) => stage);
    expect([hoursLater(1), hoursLater(25)]).toEqual([[-2], []]);
  });

  test('are done with a figure or a failure', () => {
    const intake = running();
    read(intake, [item(1)]);
    expect(dueReadings(intake.state, START_MS + 2 * MINUTE_MS)).toEqual([]);
  });
});
