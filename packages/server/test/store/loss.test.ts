import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreBehindError } from '../../src/store/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { restoreSqliteStore } from '../../src/store/sqlite/restore.ts';
import { verifyChain } from '../../src/store/sqlite/verify-chain.ts';
import { startTestServer, until } from '../support/server.ts';
import { FLAG, must, positionOf, putCheckout } from '../support/setup.ts';
import { append } from './contract.ts';

const clock = { nowMs: () => 1_000 };
let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'downhaul-loss-'));
  file = join(directory, 'downhaul.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

const witnessed = () => {
  const path = `${file}.witness`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
};

/** The files of a store with three events and a row of telemetry, as a kill leaves them. */
async function killedStore(): Promise<void> {
  const live = join(directory, 'live');
  mkdirSync(live);
  const store = openSqliteStore(join(live, 'downhaul.db'), clock);
  for (const n of [1, 2, 3]) await append(store, { key: `k${n}`, bodies: [`{"n":${n}}`] });
  await store.appendIntake([{ body: '{}' }], 0);
  await until(() => {
    const path = join(live, 'downhaul.db.witness');
    if (!existsSync(path)) return false;
    const { position, sequence } = JSON.parse(readFileSync(path, 'utf8'));
    return position === 3 && sequence === 1;
  });
  for (const end of ['', '-wal', '.witness'])
    cpSync(join(live, `downhaul.db${end}`), `${file}${end}`);
  await store.close();
}

const open = (options = {}) => openSqliteStore(file, clock, options);

describe('a store that lacks what was acknowledged', () => {
  const faults: [string, () => void][] = [
    ['its write-ahead log was deleted', () => rmSync(`${file}-wal`)],
    [
      'its write-ahead log was cut',
      () => truncateSync(`${file}-wal`, Math.floor(statSync(`${file}-wal`).size / 2)),
    ],
    ['the database was deleted', () => rmSync(file)],
    [
      'everything but the witness was deleted',
      () => ['', '-wal'].forEach((end) => rmSync(`${file}${end}`)),
    ],
    ['the database was emptied', () => truncateSync(file, 0)],
    [
      'another store was put in its place',
      () => ['', '-wal'].forEach((end) => cpSync(`${directory}/other.db${end}`, `${file}${end}`)),
    ],
  ];

  it.each(faults)(
    'is refused with what is missing, and left as it is: %s',
    async (_what, fault) => {
      const other = openSqliteStore(join(directory, 'other.db'), clock);
      for (const n of [7, 8, 9, 10]) await append(other, { key: `k${n}`, bodies: [`{"n":${n}}`] });
      await killedStore();
      fault();
      const before = existsSync(file) && statSync(file).size > 0;
      expect(open).toThrow(StoreBehindError);
      expect(open).toThrow(/position 3 .* row 1 of telemetry.*--accept-loss/s);
      expect(existsSync(file) && statSync(file).size > 0).toBe(before);
      const accepted = open({ acceptLoss: true });
      // An empty place has lost everything that the witness knows of.
      expect(accepted.loss).toMatchObject({ through: 3, telemetry: { through: 1 } });
      await accepted.close();
      await other.close();
    },
  );

  it('is not refused after a kill, nor where it is further than its witness', async () => {
    await killedStore();
    const store = open();
    expect(store.loss).toBeUndefined();
    expect((await store.head()).position).toBe(3);
    await store.close();
    writeFileSync(`${file}.witness`, JSON.stringify({ ...witnessed(), sequence: 0 }));
    await open().close();
  });

  it('starts without a witness, as after an update, and writes one', async () => {
    await killedStore();
    rmSync(`${file}.witness`);
    await open().close();
    expect(witnessed()).toMatchObject({ position: 3, sequence: 1 });
    expect(statSync(`${file}.witness`).mode & 0o777).toBe(0o600);
  });

  it('with a witness that cannot be read starts and says so, but not on an empty place', async () => {
    await killedStore();
    for (const text of ['', '{"position":3,"ha', 'null', '{"position":"3"}']) {
      writeFileSync(`${file}.witness`, text);
      const store = open();
      expect(store.doubt, text).toMatch(/witness/);
      await store.close();
    }
    writeFileSync(`${file}.witness`, '');
    rmSync(file);
    expect(open).toThrow(StoreBehindError);
  });

  it('is expected where something else says that it was there', () => {
    expect(() => open({ isExpected: true })).toThrow(StoreBehindError);
    expect(existsSync(file)).toBe(false);
  });

  it('gives positions out once: a restore goes on behind what it replaced', async () => {
    const store = open();
    await append(store, { key: 'a', bodies: ['{"n":1}'] });
    await store.backup(join(directory, 'backup.db'));
    for (const n of [2, 3, 4]) await append(store, { key: `k${n}`, bodies: [`{"n":${n}}`] });
    await store.close();
    restoreSqliteStore(join(directory, 'backup.db'), file, { replace: true });
    const restored = open();
    expect(restored.loss).toMatchObject({ foundAt: 'restore', through: 4 });
    await restored.close();
  });
});

describe('a server', () => {
  it('does not begin anew beside its admin token, and names what was lost once it may', async () => {
    const server = await startTestServer();
    await putCheckout(server.api);
    await must(server.api('POST', `${FLAG}/down`));
    const { dataDirectory: data } = server;
    const last = await positionOf(server);
    await server.running.close();
    const lost = JSON.parse(readFileSync(join(data, 'downhaul.db.witness'), 'utf8'));
    expect(lost.position).toBeGreaterThanOrEqual(last);
    rmSync(join(data, 'downhaul.db'));
    await expect(server.restart()).rejects.toThrow(StoreBehindError);
    expect(existsSync(join(data, 'downhaul.db'))).toBe(false);

    const again = await startTestServer({ dataDirectory: data, acceptLoss: true });
    expect(again.running.adminToken).toBe(server.adminToken);
    const { body } = await must(again.api('GET', '/log?subject=log:own'));
    expect(body.events[0]).toMatchObject({
      position: lost.position + 1,
      body: { type: 'lossAccepted', foundAt: 'start', after: 0, through: lost.position },
    });
    await putCheckout(again.api);
    expect(await positionOf(again)).toBeGreaterThan(lost.position);
    // What instances hold of the lost versions proves nothing.
    expect(
      (await again.api('POST', `${FLAG}/explain`, { atVersion: last, context: {} })).status,
    ).toBe(404);
    const after = await again.restart();
    await after.running.close();
    expect(verifyChain(join(data, 'downhaul.db'))).toMatchObject({ intact: true });
    rmSync(data, { recursive: true });
    await again.dispose();
  });

  it('does not begin anew beside its admin token where nothing else is left', async () => {
    writeFileSync(join(directory, 'admin-token'), 'dh_admin_x\n');
    await expect(startTestServer({ dataDirectory: directory })).rejects.toThrow(/a store was here/);
  });

  it('records a restore, and goes on behind what it took back', async () => {
    const server = await startTestServer();
    const { dataDirectory: data } = server;
    await putCheckout(server.api);
    const { body: backup } = await must(server.api('POST', '/backup'));
    await must(server.api('POST', `${FLAG}/down`));
    await must(server.api('POST', `${FLAG}/up`));
    await server.running.close();
    const { position } = JSON.parse(readFileSync(join(data, 'downhaul.db.witness'), 'utf8'));
    restoreSqliteStore(backup.path, join(data, 'downhaul.db'), { replace: true });
    const again = await server.restart();
    const { body } = await must(again.api('GET', '/log?subject=log:own'));
    expect(
      body.events.find((each: { body: { type: string } }) => each.body.type === 'lossAccepted'),
    ).toMatchObject({
      position: position + 1,
      body: { foundAt: 'restore', after: backup.position, through: position },
    });
    await again.dispose();
  });
});
