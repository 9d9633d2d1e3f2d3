import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Intake, type IntakeItem, openIntake } from '../../src/intake/intake.ts';
import type { LogStore } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { until } from '../support/server.ts';

const scope = { project: 'default', environment: 'production', service: 'shop' };

describe('intake', () => {
  let directory: string;
  let store: LogStore;
  let errors: unknown[];
  let passedOver: number[];
  let transactions: number;
  /** What the store does instead of storing. */
  let fault: (() => Promise<never>) | undefined;
  /** What it waits for before it stores. */
  let before: () => Promise<void>;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'downhaul-intake-'));
    const real = openSqliteStore(join(directory, 'downhaul.db'), { nowMs: () => 1_000 });
    errors = [];
    passedOver = [];
    transactions = 0;
    fault = undefined;
    before = () => Promise.resolve();
    store = {
      ...real,
      appendIntake: async (drafts, copiedThrough) => {
        transactions += 1;
        await before();
        return fault ? fault() : real.appendIntake(drafts, copiedThrough);
      },
    };
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  const open = (copiedThrough = 0): Promise<Intake> =>
    openIntake({
      store,
      options: {},
      copiedThrough: () => copiedThrough,
      onError: (error) => errors.push(error),
      onUnfoldable: (_, sequence) => passedOver.push(sequence),
    });
  const poll = (instance: string): IntakeItem => ({
    body: { type: 'contact', scope, instance, contact: 'polled', version: 1 },
  });

  it('stores what comes within a moment in one transaction, and folds it', async () => {
    const intake = await open();
    const rows = await Promise.all(['a', 'b', 'c'].map((name) => intake.submit(poll(name))));
    expect(transactions).toBe(1);
    expect(rows).toMatchObject([{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }]);
    expect(intake.state.throughSequence).toBe(3);
    expect(namesOf(intake)).toEqual(['a', 'b', 'c']);
  });

  it('comes to the same state from its rows, with and without a checkpoint', async () => {
    const intake = await open();
    await intake.submit(poll('a'));
    await intake.writeCheckpoint();
    await intake.submit(poll('b'));
    const again = await open();
    expect(again.state).toEqual(intake.state);
    await store.writeCheckpoint({ sequence: 9, state: '{"formatVersion":0}' });
    expect((await open()).state).toEqual(intake.state);
  });

  it('passes over a row that cannot be folded, and folds what comes after it (invariant 4)', async () => {
    const intake = await open();
    const broken = { type: 'acknowledgement', scope } as unknown as IntakeItem['body'];
    const rows = [poll('a'), { body: broken }, poll('b')].map((item) => intake.submit(item));
    expect(await Promise.all(rows)).toMatchObject([
      { sequence: 1 },
      { sequence: 2 },
      { sequence: 3 },
    ]);
    expect(passedOver).toEqual([2]);
    expect(namesOf(intake)).toEqual(['a', 'b']);
    const again = await open();
    expect(passedOver).toEqual([2, 2]);
    expect(again.state).toEqual(intake.state);
  });

  it('is full while more waits than it should, and takes again afterwards', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const intake = await open();
    before = () => released;
    const waiting = Array.from({ length: 25_000 }, (_, index) => intake.submit(poll(`i${index}`)));
    expect(intake.full).toBe(true);
    release();
    await Promise.all(waiting);
    expect(intake).toMatchObject({ full: false, queued: 0 });
    expect(intake.state.throughSequence).toBe(25_000);
  });

  it('tells the sender of a failure, and stores nothing half', async () => {
    const intake = await open();
    fault = () => Promise.reject(new Error('the disk is full'));
    await expect(intake.submit(poll('a'))).rejects.toThrow('the disk is full');
    expect(errors).toHaveLength(1);
    expect(intake.state.throughSequence).toBe(0);
    fault = undefined;
    expect(await intake.submit(poll('a'))).toMatchObject({ sequence: 1 });
  });

  it('keeps what the log has changed until it is stored', async () => {
    const intake = await open(7);
    fault = () => Promise.reject(new Error('the disk is full'));
    intake.tell({
      type: 'instanceLeft',
      project: 'default',
      environment: 'production',
      instance: 'gone',
      why: 'operator',
    });
    const change = { position: 7, rollout: rolloutState() };
    intake.tell({ type: 'rolloutChanged', change });
    await intake.flush();
    expect(intake.queued).toBe(1);
    expect((await store.intakeHead()).copiedThrough).toBe(0);
    fault = undefined;
    await until(() => intake.queued === 0);
    await until(async () => (await store.intakeHead()).copiedThrough === 7);
    expect(intake.state.rollouts.has('default/production/f#1')).toBe(true);
  });
});

function rolloutState() {
  const plan = {
    key: 'p',
    unit: 'targetingKey',
    baselineMs: 0,
    stages: [{ allocations: [{ sharePerMillion: 1_000 }], bakeMs: 1, minimumSample: 0 }],
    guardrails: [],
    signals: [],
    success: [],
    harmBudget: 50,
    reactionTimeMs: 1_000,
    batchMs: 1_000,
    horizonsMs: [1_000],
    holdbackPerMillion: 0,
    whenBlind: { holdMs: 1_000, then: 'hold', treatmentOnly: 'rollback' },
    whenStageTooLong: { afterMs: 1_000, then: 'pause' },
    alphaHarm: 0.01,
    alphaNonInferiority: 0.05,
    alphaSrm: 0.001,
    proof: { reachedMs: 1, silentMs: 1, recoveredMs: 1 },
  } as const;
  return {
    id: 'default/production/f#1',
    project: 'default',
    environment: 'production',
    flag: 'f',
    attempt: 1,
    plan,
    to: 'on',
    control: 'off',
    salt: 'f',
    status: 'running',
    stage: 0,
    allocations: [{ sharePerMillion: 1_000 }],
    peak: [],
    startedAtMs: 0,
    stageEnteredAtMs: 0,
    statusSinceMs: 0,
    version: 7,
    startedBy: 'p',
    unguarded: true,
  } as const;
}

function namesOf({ state }: Intake): string[] {
  const known = state.environments.get('default/production')?.instances.values() ?? [];
  return [...known].map(({ id }) => id);
}
