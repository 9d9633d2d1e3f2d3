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
    await expect(intake.submit(poll('a'))).rejects.toMatchObject({
      problem: { code: 'telemetry_later' },
      retryAfterSeconds: 1,
    });
    expect(errors).toHaveLength(1);
    expect(intake.state.throughSequence).toBe(0);
    fault = undefined;
    expect(await intake.submit(poll('a'))).toMatchObject({ sequence: 1 });
  });

  it('keeps what the log has changed until it is stored', async () => {
    const intake = await open(7);
    fault = () => Promise.reject(new Error('the disk is full'));
    intake.tell({ type: 'contact', scope, instance: 'gone', contact: 'streamOpened', version: 1 });
    const left = { project: 'default', environment: 'production', instance: 'gone' };
    intake.tell({ type: 'instanceLeft', ...left, why: 'operator' }, 6);
    intake.tell({ type: 'rolloutChanged', change: { position: 7, rollout: rolloutState() } });
    intake.tell(poll('comes again').body);
    await expect(intake.flush()).rejects.toThrow('the disk is full');
    expect(intake.queued).toBe(3);
    expect((await store.intakeHead()).copiedThrough).toBe(0);
    fault = undefined;
    await until(() => intake.queued === 0);
    await until(async () => (await store.intakeHead()).copiedThrough === 7);
    expect(intake.state.rollouts.has('default/production/f#1')).toBe(true);
    const { instances } = intake.state.environments.get('default/production') ?? {};
    expect([...(instances?.values() ?? [])]).toMatchObject([
      { id: 'gone', left: { why: 'operator' } },
    ]);
  });

  it('ends a flush with what was submitted before it, however much comes after', async () => {
    const intake = await open();
    const first = intake.submit(poll('a'));
    const flushed = intake.flush();
    let goesOn = true;
    const more = (async () => {
      for (let index = 0; goesOn; index += 1) await intake.submit(poll(`more${index}`));
    })();
    before = async () => void intake.submit(poll(`while ${transactions} is stored`));
    await flushed;
    expect(await first).toMatchObject({ sequence: 1 });
    goesOn = false;
    before = () => Promise.resolve();
    await more;
  });

  describe('judges in the order of what was published', () => {
    const publish = (intake: Intake, position: number) =>
      intake.tell({
        type: 'rolloutChanged',
        change: { position, rollout: rolloutState(position) },
      });
    const known = (intake: Intake) =>
      intake.state.rollouts.get('default/production/f#1')?.rollout.version;
    const later = { problem: { code: 'telemetry_later' }, retryAfterSeconds: 1 };

    it('by a fold that has every change, of two in a row as of one', async () => {
      const intake = await open();
      publish(intake, 7);
      const first = intake.judge(() => known(intake));
      publish(intake, 8);
      const second = intake.judge(() => known(intake));
      expect(await Promise.all([first, second])).toEqual([8, 8]);
    });

    it('after a change that is published while another is being stored', async () => {
      const intake = await open();
      publish(intake, 7);
      before = async () => {
        before = () => Promise.resolve();
        publish(intake, 8);
      };
      expect(await intake.judge(() => known(intake))).toBe(8);
    });

    it('stores nothing for it where no change is outstanding', async () => {
      const intake = await open();
      publish(intake, 7);
      await intake.flush();
      const stored = transactions;
      void intake.submit(poll('a'));
      expect(await intake.judge(() => known(intake))).toBe(7);
      expect(transactions).toBe(stored);
      await intake.flush();
    });

    it('says later while the store fails, and judges when it is back', async () => {
      const intake = await open();
      fault = () => Promise.reject(new Error('the disk is full'));
      publish(intake, 7);
      await expect(intake.judge(() => known(intake))).rejects.toMatchObject(later);
      const asked = transactions;
      // A crowd that is told so asks the store for nothing.
      const crowd = Array.from({ length: 100 }, () => intake.judge(() => known(intake)));
      const told = await Promise.allSettled(crowd);
      expect(told.every(({ status }) => status === 'rejected')).toBe(true);
      expect(transactions).toBe(asked);
      expect(await intake.settle()).toBe(-1);
      fault = undefined;
      await until(() => known(intake) === 7);
      expect(await intake.judge(() => known(intake))).toBe(7);
      expect(await intake.settle()).toBe(0);
    });

    it('says later while the store does not answer, to a bounded crowd', async () => {
      const intake = await open();
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      before = () => released;
      publish(intake, 7);
      const crowd = Array.from({ length: 2_001 }, () => intake.judge(() => known(intake)));
      await expect(crowd.at(-1)).rejects.toMatchObject(later);
      const told = await Promise.allSettled(crowd);
      expect(told.every(({ status }) => status === 'rejected')).toBe(true);
      release();
      await until(() => known(intake) === 7);
      expect(await intake.judge(() => known(intake))).toBe(7);
    });

    it('passes on what the judgement itself throws', async () => {
      const intake = await open();
      publish(intake, 7);
      const refuse = () => {
        throw new Error('not taken');
      };
      await expect(intake.judge(refuse)).rejects.toThrow('not taken');
    });
  });
});

function rolloutState(version = 7) {
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
    version,
    startedBy: 'p',
    unguarded: true,
  } as const;
}

function namesOf({ state }: Intake): string[] {
  const known = state.environments.get('default/production')?.instances.values() ?? [];
  return [...known].map(({ id }) => id);
}
