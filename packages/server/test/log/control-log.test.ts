import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type Command,
  type CommandBody,
  readFlagDocument,
  readPlanDocument,
  serializeState,
} from '@downhaul/control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlLog, openControlLog } from '../../src/log/control-log.ts';
import type { LogStore } from '../../src/store/contract.ts';
import { StoreUnusableError } from '../../src/store/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { checkoutFlag } from '../support/documents.ts';

describe('control log', () => {
  let directory: string;
  let store: LogStore;
  let log: ControlLog;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'downhaul-log-'));
    store = openSqliteStore(join(directory, 'downhaul.db'), { nowMs: () => 1_000 });
    ({ log } = await openControlLog(store, 0));
    await run({ type: 'createProject', key: 'default' });
    for (const [order, key] of ['staging', 'production'].entries()) {
      await run({ type: 'createEnvironment', key, owner: 'o', order, unitSalt: 's' });
    }
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  let count = 0;
  const run = (body: CommandBody) => {
    const key = `k${(count += 1)}`;
    const actor = { kind: 'person', id: 'p' } as const;
    const command: Command = {
      project: 'default',
      actor,
      correlationId: key,
      idempotencyKey: key,
      ...body,
    };
    return log.execute(command, { commandHash: key });
  };
  const putFlag = (purpose: string): CommandBody => {
    const environments = { production: { serve: 'off' }, staging: { serve: 'off' } };
    const read = readFlagDocument(checkoutFlag({ purpose, environments }));
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    return { type: 'putFlag', definition: read.value };
  };
  const down = { type: 'downFlag', flag: 'new-checkout', environment: 'production' } as const;

  it('does not open a log that was cut short', async () => {
    const database = new DatabaseSync(join(directory, 'downhaul.db'));
    database.exec('DROP TRIGGER log_keeps; DELETE FROM log WHERE position = 3');
    database.close();
    await expect(openControlLog(store, 0)).rejects.toThrow(StoreUnusableError);
  });

  it('decides commands at once as if they had come one after the other', async () => {
    const outcomes = await Promise.all([
      run(putFlag('a')),
      run(down),
      run(down),
      run({ type: 'archiveFlag', flag: 'none' }),
      run({ type: 'upFlag', flag: 'new-checkout', environment: 'production' }),
    ]);
    expect(outcomes).toMatchObject([
      { kind: 'done', answer: { changed: true, position: 4 } },
      { kind: 'done', answer: { changed: true, position: 5 } },
      { kind: 'done', answer: { changed: false, position: 5 } },
      { kind: 'refused', error: { code: 'flag_unknown' } },
      { kind: 'done', answer: { changed: true, position: 6 } },
    ]);
    const folded = await openControlLog(store, 0);
    expect(serializeState(folded.log.state)).toBe(serializeState(log.state));
    expect(folded.log.hash).toBe(log.hash);
  });

  it('tells of each commit once, in order, with the memory moved', async () => {
    const positions: number[] = [];
    log.onCommit(({ events }) => {
      positions.push(...events.map(({ position }) => position));
      expect(log.state.position).toBe(positions.at(-1));
    });
    await Promise.all([run(putFlag('a')), run(down), run(putFlag('b'))]);
    expect(positions).toEqual([4, 5, 6]);
  });

  it('leaves memory as it was when the store fails', async () => {
    await run(putFlag('a'));
    const before = serializeState(log.state);
    const failing: LogStore = {
      ...store,
      append: (request) => {
        request.decide({ position: log.state.position, nowMs: 2_000, missed: [], tentative: [] });
        return Promise.reject(new Error('the disk is full'));
      },
    };
    const other = await openControlLog(failing, 0);
    const command = { ...down, project: 'default', actor: { kind: 'person', id: 'p' } } as const;
    const execution = other.log.execute(
      { ...command, correlationId: 'c', idempotencyKey: 'c' },
      { commandHash: 'c' },
    );
    await expect(execution).rejects.toThrow('the disk is full');
    expect(serializeState(other.log.state)).toBe(before);
  });

  it('comes to the same state from a cache, and ignores one of another chain', async () => {
    await run(putFlag('a'));
    await log.writeCache();
    await run(down);
    const present = serializeState(log.state);
    const cached = await openControlLog(store, log.state.position);
    expect(serializeState(cached.log.state)).toBe(present);
    await store.writeStateCache({ position: 5, hash: 'another', state: '{}' });
    const folded = await openControlLog(store, log.state.position);
    expect(serializeState(folded.log.state)).toBe(present);
    expect(folded.log.hash).toBe(log.hash);
  });

  it('folds to an earlier position', async () => {
    await run(putFlag('a'));
    const before = serializeState(log.state);
    await run(putFlag('b'));
    expect(serializeState(await log.stateAt(4))).toBe(before);
    await expect(log.stateAt(99)).rejects.toThrow(RangeError);
  });

  it('knows which rollout changes the intake has not heard of', async () => {
    await run(putFlag('a'));
    const plan = readPlanDocument({ plan: 'p', stages: [{ share: '1%', bake: '1h' }] });
    if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
    const place = { flag: 'new-checkout', environment: 'production' };
    await run({ type: 'startRollout', ...place, plan: plan.value, to: 'on' });
    const started = log.state.position;
    await run({ type: 'pauseRollout', ...place, cause: { code: 'c', text: 't' } });
    const { uncopied } = await openControlLog(store, started);
    expect(uncopied.changes).toMatchObject([
      { position: started + 1, rollout: { status: 'paused' } },
    ]);
    const all = await openControlLog(store, 0);
    expect(all.uncopied.changes.map(({ position }) => position)).toEqual([
      started - 1,
      started,
      started + 1,
    ]);
  });
});
