import {
  acceptOtlp,
  type CountedItem,
  deserializeTelemetry,
  dueReadings,
  foldIntake,
  next,
  serializeTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import { unitHash } from '@downhaul/engine';
import { describe, expect, test } from 'vitest';
import type { MetricSource } from '../../src/metric/source.ts';
import { Intake, ROLLOUT, SCOPE, someRollout, START_MS } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const ERRORS = 'checkout.errors@requests';

const OTLP: MetricSource = { type: 'otlp', of: 'errors' };
const PROMETHEUS: MetricSource = {
  type: 'prometheus',
  server: 'main',
  queries: { bad: 'bad{v="$arm"}[$window]', total: 'total{v="$arm"}[$window]' },
  delayMs: 30_000,
  scrapeMs: 15_000,
};

/** A plan guarded by requests alone, with its metric frozen into it. */
function plan(source: MetricSource) {
  const guardrail = { metric: 'checkout.errors', margin: { relative: 0.05, absolute: 0.0005 } };
  return somePlan({
    guardrails: [{ ...guardrail, worse: 'higher', weight: 1 }],
    signals: [],
    success: [],
    metrics: [
      {
        key: 'checkout.errors',
        kind: 'share',
        worse: 'higher',
        source,
        owner: 'team',
        description: '',
        version: 1,
      },
    ],
  });
}

const FIGURES = {
  baselineRate: 0.01,
  baselineUnits: 10_000,
  baselineUpper: 0.013,
  harmNull: { ratio: 1.05, excess: 0.0005 },
  nonInferiorityNull: { ratio: 1.05, excess: 0.02 },
  harmBound: 1,
};

function running(source: MetricSource = PROMETHEUS, figures: object = {}): Intake {
  const intake = new Intake();
  const frozen = { nextStageUnits: 1_000, hypotheses: { [ERRORS]: { ...FIGURES, ...figures } } };
  intake.change(someRollout({ plan: plan(source), frozen }));
  return intake;
}

function item(batch: number, change: Partial<CountedItem> = {}): CountedItem {
  const toMs = START_MS + (batch + 1) * MINUTE_MS;
  return {
    rollout: ROLLOUT,
    metric: 'checkout.errors',
    arm: 'control',
    stage: 0,
    fromMs: toMs - MINUTE_MS,
    toMs,
    batch,
    exposure: 300,
    events: 3,
    ...change,
  };
}

function read(intake: Intake, items: readonly CountedItem[]): void {
  intake.add({ type: 'counted', scope: SCOPE, source: 'prometheus', items });
}

/** Batches in which control fails in 1 % and treatment at a rate of the test. */
function batches(intake: Intake, count: number, badShare: number): void {
  const first = intake.state.rollouts.get(ROLLOUT)?.openBatch ?? 0;
  for (let batch = first; batch < first + count; batch++) {
    const treatment = { arm: 'treatment' as const, exposure: 100, events: 100 * badShare };
    read(intake, [item(batch), item(batch, treatment)]);
    intake.closeThrough(batch);
  }
}

function stepOf(intake: Intake) {
  const { rollout } = intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
  return next({ rollout, evidence: intake.evidence, nowMs: intake.nowMs, flagDown: false });
}

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

describe('what OTLP tells', () => {
  const evaluation = { traceId: 't', flag: 'new-checkout', variant: 'on', atMs: START_MS };
  const request = {
    traceId: 't',
    spanId: 's',
    endMs: START_MS + 50,
    durationMs: 50,
    failed: true,
  };
  const received = {
    scope: SCOPE,
    instance: 'pod-1',
    requests: [request],
    points: [],
    unitSalt: 'salt',
    throughMs: START_MS + 50,
    receivedAtMs: START_MS + 1_000,
  };

  test('becomes counts by arm, of the stage in force at its time', () => {
    const intake = running(OTLP);
    const { body } = acceptOtlp(intake.state, { ...received, joined: [{ evaluation, request }] });
    expect(body?.items).toMatchObject([
      { arm: 'treatment', stage: 0, batch: 0, exposure: 1, events: 1 },
    ]);
    expect(body?.exposures).toBeUndefined();
    expect(body?.uses).toEqual([{ rollout: ROLLOUT, atMs: START_MS + 50 }]);
  });

  test('becomes exposures and outcomes of hashed units where it names them', () => {
    const intake = running(OTLP);
    const named = { ...evaluation, unit: 'user-7', version: 10 };
    const joined = [{ evaluation: named }, { evaluation: named, request }];
    const { body } = acceptOtlp(intake.state, { ...received, joined });
    const unit = unitHash('salt', 'user-7');
    expect(body?.exposures).toMatchObject([{ unit, arm: 'treatment', stage: 0, version: 10 }]);
    expect(body?.outcomes).toMatchObject([
      { unit, metric: 'http.error_rate', value: 1 },
      { unit, metric: 'http.latency' },
    ]);
    expect(JSON.stringify(body)).not.toContain('user-7');
  });

  test('tells no units where the shares may still be those of before a change', () => {
    const intake = running(OTLP);
    const tell = (change: object) => {
      const joined = [{ evaluation: { ...evaluation, unit: 'user-7', ...change } }];
      const receivedAtMs = START_MS + 2 * MINUTE_MS;
      return acceptOtlp(intake.state, { ...received, joined, receivedAtMs });
    };
    expect(tell({}).dropped).toEqual({ unsettled: 1 });
    expect(tell({ version: 10 }).body?.exposures).toHaveLength(1);
    expect(tell({ atMs: START_MS + MINUTE_MS }).body?.exposures).toHaveLength(1);
  });

  test('is dropped and counted where it is of no arm, or of a time to come', () => {
    const intake = running(OTLP);
    const joined = [
      { evaluation: { ...evaluation, variant: 'blue' }, request },
      { evaluation: { ...evaluation, atMs: START_MS + 60_000 }, request },
    ];
    const { body, dropped } = acceptOtlp(intake.state, { ...received, joined });
    expect(dropped).toEqual({ other_variant: 1, future: 1 });
    expect(body?.items).toEqual([]);
  });

  test('counts for harm alone while a process has not told of the whole batch', () => {
    const intake = running(OTLP);
    const tell = (throughMs: number) => {
      const sender = { instance: 'pod-1', throughMs };
      const items = [item(0), item(0, { arm: 'treatment', exposure: 100, events: 1 })];
      intake.add({ type: 'counted', scope: SCOPE, source: 'otlp', items, sender });
    };
    intake.nowMs = START_MS + 30_000;
    tell(START_MS + 30_000);
    intake.closeThrough(0);
    expect(intake.evidence.late).toEqual(['otlp:storefront/pod-1']);
    const [own] = intake.state.rollouts.get(ROLLOUT)?.judge.hypotheses ?? [];
    const health = own?.kind === 'requests' ? own.nonInferiority : undefined;
    expect(health?.rate.control.exposure).toBe(0);
    expect(intake.evidence.totals).toMatchObject([{ stage: -1 }, { stage: 0 }]);
  });

  const POINT = {
    instrument: 'duration',
    flag: 'new-checkout',
    variant: 'off',
    failed: false,
    startMs: START_MS,
    timeMs: START_MS + 500,
    count: 10,
    buckets: [4, 3, 2, 1],
    boundsMs: [50, 100, 500],
  };

  function told(points: readonly (typeof POINT)[]) {
    const intake = running({ type: 'otlp', of: 'slow', aboveMs: 100, instrument: 'duration' });
    return acceptOtlp(intake.state, { ...received, requests: [], joined: [], points });
  }

  test('histograms that reach over a change of stage count nowhere', () => {
    const { body, dropped } = told([POINT, { ...POINT, startMs: START_MS - 60_000 }]);
    expect(body?.items).toMatchObject([{ arm: 'control', exposure: 10, events: 3 }]);
    expect(dropped).toEqual({ stage_mixed: 10 });
  });

  test.each([
    ['no buckets', { buckets: [], boundsMs: [] }],
    ['no bucket above the limit', { buckets: [9, 1], boundsMs: [50] }],
    ['an edge beyond all numbers', { buckets: [9, 1], boundsMs: [Infinity] }],
    ['an edge that is no number', { buckets: [9, 1], boundsMs: [NaN] }],
    ['buckets that are not those of the edges', { buckets: [10], boundsMs: [50, 100, 500] }],
  ])(
    'a histogram with %s cannot tell what is slow, and counts nowhere (invariant 5)',
    (_, wrong) => {
      const { body, dropped } = told([{ ...POINT, ...wrong }]);
      expect(body?.items).toEqual([]);
      expect(dropped).toEqual({ buckets_unusable: 10 });
    },
  );
});
