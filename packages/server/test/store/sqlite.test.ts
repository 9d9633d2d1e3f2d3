import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreHeldError, StoreUnusableError } from '../../src/store/errors.ts';
import { createPage } from '../../src/store/chain.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { restoreSqliteStore } from '../../src/store/sqlite/restore.ts';
import { append, describeStoreContract, type StoreUnderTest } from './contract.ts';

async function openUnderTest(): Promise<StoreUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'downhaul-store-'));
  const file = join(directory, 'downhaul.db');
  let timeMs = 1_000;
  const clock = { nowMs: () => timeMs };
  let store = openSqliteStore(file, clock);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = openSqliteStore(file, clock);
      return store;
    },
    tamper: (position, body) => {
      const database = new DatabaseSync(file);
      database.exec('DROP TRIGGER log_stays');
      database.prepare('UPDATE log SET body = ? WHERE position = ?').run(body, position);
      database.close();
    },
    setTime: (ms) => {
      timeMs = ms;
    },
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

describeStoreContract('sqlite', openUnderTest);

describe('sqlite store', () => {
  let directory: string;
  let file: string;
  const clock = { nowMs: () => 1_000 };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'downhaul-store-'));
    file = join(directory, 'downhaul.db');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is held by one server, and says by whom', async () => {
    const store = openSqliteStore(file, clock);
    const holder = { pid: 77, since: '2026-11-20T10:00:00Z', address: 'http://127.0.0.1:1' };
    store.announce(holder);
    expect(() => openSqliteStore(file, clock)).toThrow(StoreHeldError);
    expect(() => openSqliteStore(file, clock)).toThrow(/process 77, since 2026-11-20T10:00:00Z/);
    await store.close();
    await openSqliteStore(file, clock).close();
  });

  it('keeps everything to its owner', async () => {
    const store = openSqliteStore(file, clock);
    await append(store, { key: 'a', bodies: ['{}'] });
    for (const path of [file, `${file}-wal`, `${file}.lock`]) {
      expect(statSync(path).mode & 0o777, path).toBe(0o600);
    }
    await store.close();
  });

  it('does not let the log be changed or deleted by SQL', async () => {
    const store = openSqliteStore(file, clock);
    await append(store, { key: 'a', bodies: ['{}'] });
    await store.close();
    const database = new DatabaseSync(file);
    expect(() => database.exec('DELETE FROM log')).toThrow('append-only');
    expect(() => database.exec(`UPDATE log SET body = ''`)).toThrow('append-only');
    database.close();
  });

  it('refuses a file of a newer release and a file that is no store', async () => {
    await openSqliteStore(file, clock).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openSqliteStore(file, clock)).toThrow(/use a newer release/);
    const { writeFileSync } = await import('node:fs');
    const other = join(directory, 'other.db');
    writeFileSync(other, 'this is a text and no database at all'.repeat(100));
    expect(() => openSqliteStore(other, clock)).toThrow(StoreUnusableError);
  });

  describe('verify', () => {
    const tamper = (sql: string) => {
      const database = new DatabaseSync(file);
      database.exec(`DROP TRIGGER log_stays; DROP TRIGGER log_keeps; ${sql}`);
      database.close();
    };

    it.each([
      ['justification', (page: object) => ({ justification: page })],
      ['overrides', (page: object) => ({ page, count: 1 })],
    ])('finds a changed page of %s, and takes a missing one for erased', async (_name, body) => {
      const store = openSqliteStore(file, clock);
      const page = createPage('why');
      const named = JSON.stringify(body({ page: page.id, mac: page.mac }));
      await append(store, { key: 'a', bodies: ['{}', named], pages: [page] });
      expect(await store.verify()).toMatchObject({ intact: true, position: 2 });
      tamper(`UPDATE pages SET content = 'another why', mac = ''`);
      expect(await store.verify()).toMatchObject({ intact: false, position: 2 });
      await store.erasePages([page.id]);
      expect(await store.verify()).toMatchObject({ intact: true, position: 2 });
      await store.close();
    });

    it.each([
      ['removed', 'DELETE FROM log WHERE position = 2'],
      [
        'reordered',
        `UPDATE log SET position = 9 WHERE position = 2; UPDATE log SET position = 2 WHERE position = 3;
         UPDATE log SET position = 3 WHERE position = 9`,
      ],
      ['cut off', 'DELETE FROM log WHERE position = 3'],
      [
        'cut off together with the head',
        `DELETE FROM log WHERE position = 3; UPDATE head SET position = 2,
         hash = (SELECT hash FROM log WHERE position = 2) WHERE log = 'control'`,
      ],
    ])('finds that an event was %s', async (_name, sql) => {
      const store = openSqliteStore(file, clock);
      for (const n of [1, 2, 3]) await append(store, { key: `k${n}`, bodies: [`{"n":${n}}`] });
      tamper(sql);
      expect(await store.verify()).toMatchObject({ intact: false, position: 2 });
      await store.close();
    });
  });

  describe('backup and restore', () => {
    const copy = () => join(directory, 'backup.db');

    it('copies while writing goes on and restores the same chain', async () => {
      const store = openSqliteStore(file, clock);
      const page = createPage('why');
      await append(store, { key: 'a', bodies: ['{"n":1}'], pages: [page] });
      let backedUp = false;
      const backup = store.backup(copy()).finally(() => {
        backedUp = true;
      });
      let writes = 0;
      while (!backedUp) {
        await append(store, { key: `w${(writes += 1)}`, bodies: ['{}'] });
        await new Promise(setImmediate);
      }
      const report = await backup;
      expect(report.position).toBeLessThanOrEqual(writes + 1);
      expect(statSync(copy()).mode & 0o777).toBe(0o600);
      await store.close();

      const restored = restoreSqliteStore(copy(), file, { replace: true });
      expect(restored).toMatchObject({ position: report.position, hash: report.hash });
      const again = openSqliteStore(file, clock);
      expect(await again.head()).toMatchObject({ position: report.position, hash: report.hash });
      expect(await again.readPage(page.id)).toEqual(page);
      await again.close();
    });

    it('erases again what was erased after the backup', async () => {
      const store = openSqliteStore(file, clock);
      const page = createPage('a name');
      await append(store, { key: 'a', bodies: ['{}'], pages: [page] });
      await store.backup(copy());
      await store.erasePages([page.id]);
      await store.close();
      expect(restoreSqliteStore(copy(), file, { replace: true }).erasedPages).toBe(1);
      const again = openSqliteStore(file, clock);
      expect(await again.readPage(page.id)).toBeUndefined();
      await again.close();
    });

    it('refuses a held store, an existing store and a broken backup', async () => {
      const store = openSqliteStore(file, clock);
      await append(store, { key: 'a', bodies: ['{"n":1}'] });
      await store.backup(copy());
      expect(() => restoreSqliteStore(copy(), file, { replace: true })).toThrow(StoreHeldError);
      await store.close();
      expect(() => restoreSqliteStore(copy(), file)).toThrow(/exists/);
      const database = new DatabaseSync(copy());
      database.exec(`DROP TRIGGER log_stays; UPDATE log SET body = '{"n":2}'`);
      database.close();
      expect(() => restoreSqliteStore(copy(), file, { replace: true })).toThrow(/broken at 1/);
      const untouched = openSqliteStore(file, clock);
      expect((await untouched.head()).position).toBe(1);
      await untouched.close();
    });
  });
});
