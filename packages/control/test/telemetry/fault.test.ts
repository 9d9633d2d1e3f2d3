import {
  checkBeforeStart,
  deserializeTelemetry,
  evidenceOf,
  faultOf,
  foldIntake,
  createTelemetryState,
  type IntakeRow,
  next,
  passOver,
  type RolloutState,
  serializeTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import { describe, expect, it } from 'vitest';
import {
  exposure,
  Intake,
  outcome,
  ROLLOUT,
  someRollout,
  START_MS,
  unitOf,
} from '../support/intake.ts';
import { someFlag, somePlan, startedWorld } from '../support/world.ts';

const OTHER = 'default/production/other-flag#1';
const MINUTE_MS = 60_000;
const ERRORS = 'http.error_rate@60000';

/** Figures that no judge takes: there is no ratio below 0. */
const BROKEN = {
  nextStageUnits: 10,
  hypotheses: {
    [ERRORS]: {
      baselineRate: 0.01,
      baselineUnits: 1_000,
      baselineUpper: 0.02,
      harmNull: { ratio: -1, excess: 0 },
      nonInferiorityNull: { ratio: 1, excess: 0 },
      harmBound: 1,
    },
  },
};

/** Two rollouts in stage 0; then the first enters a stage whose figures cannot be judged. */
function brokenAtStageTwo(): Intake {
  const intake = new Intake();
  intake.change(someRollout());
  intake.change(someRollout({ id: OTHER, flag: 'other-flag' }));
  intake.nowMs = START_MS + MINUTE_MS;
  intake.change(
    someRollout({
      stage: 1,
      frozen: BROKEN,
      version: 20,
      stageEnteredAtMs: START_MS + MINUTE_MS,
      statusSinceMs: START_MS + MINUTE_MS,
    }),
  );
  return intake;
}

function stepOf(state: TelemetryState, rollout: RolloutState, nowMs: number) {
  const evidence = evidenceOf(state, rollout.id, nowMs);
  const fault = faultOf(state, rollout.id);
  return next({
    ...{ rollout, nowMs, flagDown: false },
    ...(evidence ? { evidence } : {}),
    ...(fault ? { fault } : {}),
  });
}

const rolloutIn = (state: TelemetryState, id = ROLLOUT) =>
  state.rollouts.get(id)?.rollout ?? expect.fail(`${id} is not known`);

const WHERE = [
  { status: 'running' },
  { status: 'held', cause: { code: 'telemetry_stale', text: 'as it was' } },
  { status: 'paused', cause: { code: 'by_hand', text: 'a person' } },
] as const;

describe('a rollout whose telemetry cannot be folded', () => {
  it.each(WHERE)('is rolled back with its own cause while it is $status', (at) => {
    const { state, nowMs } = brokenAtStageTwo();
    const step = stepOf(state, { ...rolloutIn(state), ...at }, nowMs);
    expect(step).toMatchObject({
      step: 'fault',
      command: { type: 'rollbackRollout', cause: { code: 'judging_failed' } },
    });
    expect(step.command).toMatchObject({ evidence: { verdict: 'blind' } });
    expect(step.sentences[0]).toContain('cannot be judged');
  });

  it('is rolled back when it is completed and its watch fails', () => {
    const { state, nowMs } = brokenAtStageTwo();
    const completed = { ...rolloutIn(state), status: 'completed', statusSinceMs: nowMs } as const;
    expect(stepOf(state, completed, nowMs).step).toBe('fault');
    const later = { ...completed, statusSinceMs: nowMs + 1 };
    expect(stepOf(state, later, nowMs + 1).step).not.toBe('fault');
  });

  it('is held, not rolled back, before anybody is served, and never goes on', () => {
    const intake = new Intake();
    const plan = { ...somePlan(), alphaHarm: 5 };
    const measuring = someRollout({ plan, status: 'measuring', stage: -1, allocations: [] });
    intake.change(measuring);
    const late = START_MS + 3_600_000;
    expect(stepOf(intake.state, measuring, late)).toMatchObject({
      step: 'hold',
      command: { type: 'holdRollout', cause: { code: 'judging_failed' } },
    });
    const held = {
      ...measuring,
      status: 'held',
      cause: { code: 'judging_failed', text: '' },
    } as const;
    expect(stepOf(intake.state, held, late).command?.type).not.toBe('releaseRollout');
    // It begins with its first stage at once, as a plan without a baseline does: then it serves somebody.
    intake.change(someRollout({ plan, version: 20 }));
    expect(stepOf(intake.state, someRollout({ plan, version: 20 }), intake.nowMs).step).toBe(
      'fault',
    );
  });

  it('leaves every other rollout of the same batch and report as it is', () => {
    const intake = brokenAtStageTwo();
    intake.report({
      exposures: [ROLLOUT, OTHER].flatMap((rollout) =>
        [1, 2].map((number) => exposure({ rollout, unit: unitOf(number), stage: 0 })),
      ),
      outcomes: [outcome()],
    });
    intake.closeThrough(2);
    for (let batch = 0; batch <= 2; batch += 1) {
      const endMs = START_MS + (batch + 1) * MINUTE_MS;
      intake.add({ type: 'batchClosed', rollout: OTHER, batch, endMs });
    }
    const { state, nowMs } = intake;
    expect(state.rollouts.get(OTHER)?.closedBatches).toBe(3);
    expect(evidenceOf(state, OTHER, nowMs)?.units).toEqual({ treatment: 0, control: 2 });
    expect(faultOf(state, OTHER)).toBeUndefined();
    expect(stepOf(state, rolloutIn(state, OTHER), nowMs).step).not.toBe('fault');
  });

  it('is told of, and not acted on, where only an earlier stage was concerned', () => {
    const { state, nowMs } = brokenAtStageTwo();
    const on = {
      ...rolloutIn(state),
      stage: 2,
      stageEnteredAtMs: nowMs + 1,
      statusSinceMs: nowMs + 1,
    };
    const step = stepOf(state, on, nowMs + 2);
    expect(step.step).not.toBe('fault');
    expect(step.sentences[0]).toContain('the figures are without it');
  });

  it('is left alone when it is over: one row of an ended rollout takes nothing back', () => {
    const { state, nowMs } = brokenAtStageTwo();
    for (const status of ['rolledBack', 'ended'] as const) {
      const step = stepOf(state, { ...rolloutIn(state), status }, nowMs);
      expect(step).toMatchObject({ step: 'settled' });
      expect(step.command).toBeUndefined();
    }
  });

  it('is not judged at all where the plan has no guardrails', () => {
    const { state, nowMs } = brokenAtStageTwo();
    const step = stepOf(state, { ...rolloutIn(state), unguarded: true }, nowMs);
    expect(step.step).not.toBe('fault');
    expect(step.sentences.join(' ')).toContain('could not be read');
  });

  it('is the same after a restart, from a checkpoint or from the rows (invariant 8)', () => {
    const intake = brokenAtStageTwo();
    const half = intake.rows.length;
    const early = JSON.parse(JSON.stringify(serializeTelemetry(intake.state))) as never;
    intake.report();
    intake.state.rollouts.get(ROLLOUT);
    const again = createTelemetryState();
    for (const row of intake.rows) foldIntake(again, row);
    expect(serializeTelemetry(again)).toEqual(serializeTelemetry(intake.state));
    const restored = deserializeTelemetry(early) ?? expect.fail('it is not read');
    for (const row of intake.rows.slice(half)) foldIntake(restored, row);
    expect(serializeTelemetry(restored)).toEqual(serializeTelemetry(intake.state));
    expect(faultOf(restored, ROLLOUT)).toEqual(faultOf(intake.state, ROLLOUT));
  });

  it('is told to whoever listens, row by row, and counted once per row', () => {
    const rows = brokenAtStageTwo().rows;
    const heard: unknown[] = [];
    const state = createTelemetryState();
    for (const row of rows) foldIntake(state, row, ({ sequence }) => heard.push(sequence));
    expect(heard).toEqual([3]);
    expect(faultOf(state, ROLLOUT)).toMatchObject({ rows: 1, sequence: 3 });
    for (const row of rows) foldIntake(state, row, () => expect.fail('it is folded already'));
  });
});

describe('a row that names no rollout', () => {
  const rows: readonly IntakeRow[] = [
    { sequence: 1, atMs: START_MS, type: 'acknowledgement' } as unknown as IntakeRow,
    { sequence: 2, atMs: START_MS, type: 'of a later release' } as unknown as IntakeRow,
    { sequence: 3, atMs: START_MS + 1, type: 'report', scope: {} } as unknown as IntakeRow,
  ];

  it('is kept in the state, with what was wrong with the first', () => {
    const state = createTelemetryState();
    for (const row of rows) foldIntake(state, row);
    passOver(state, { sequence: 4, atMs: START_MS + 2, error: new Error('no JSON') });
    expect(state).toMatchObject({ throughSequence: 4 });
    expect(state.unattributed).toMatchObject({
      rows: 4,
      firstAtMs: START_MS,
      lastAtMs: START_MS + 2,
    });
    expect(state.faults.size).toBe(0);
  });

  it('is named by the check before a start, with what to do, and no longer after a day', () => {
    const intake = new Intake();
    foldIntake(intake.state, { ...rows[0], sequence: 1 } as IntakeRow);
    const found = (nowMs: number) =>
      checkBeforeStart({
        ...{ project: 'default', environment: 'production', flag: someFlag(), plan: somePlan() },
        ...{ state: startedWorld().state, telemetry: intake.state, nowMs },
      }).filter(({ code }) => code === 'telemetry_readable');
    expect(found(START_MS + MINUTE_MS)).toMatchObject([{ ok: false }]);
    expect(found(START_MS + 25 * 3_600_000)).toEqual([]);
  });
});

it('the check before a start names an attempt that could not be judged', () => {
  const { state, nowMs } = brokenAtStageTwo();
  const items = checkBeforeStart({
    ...{ project: 'default', environment: 'production', flag: someFlag(), plan: somePlan() },
    ...{ state: startedWorld().state, telemetry: state, nowMs },
  });
  const item = items.find(({ code }) => code === 'telemetry_readable');
  expect(item?.text).toContain(ROLLOUT);
});
