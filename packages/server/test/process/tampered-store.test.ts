import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatToken, hashSecret } from '../../src/auth/token.ts';
import { textHash } from '../../src/store/chain.ts';
import { verifyChain } from '../../src/store/sqlite/verify-chain.ts';
import { apiOf, startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, must, putCheckout } from '../support/setup.ts';

let server: TestServer;
let lines: { level: number; msg: string; code?: string }[];
beforeEach(async () => {
  lines = [];
  const logStream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  server = await startTestServer({ logLevel: 'error' }, { logStream });
  await putCheckout(server.api);
});
afterEach(() => server.dispose());

/** Stops the server, changes its files past it, and starts it again. */
async function tampered(change: (database: DatabaseSync) => void): Promise<TestServer> {
  await server.running.close();
  const database = new DatabaseSync(file());
  change(database);
  database.close();
  server = await server.restart();
  return server;
}

const file = () => join(server.dataDirectory, 'downhaul.db');
const suspects = () => lines.filter(({ code }) => code === 'store_suspect').map(({ msg }) => msg);
const isDown = async () =>
  (await must(server.api('GET', '/projects/default/flags/new-checkout'))).body.environments
    .production.down as boolean;

/** As the background check of a running server comes to it. */
const chainOf = ({ url }: TestServer) =>
  until(async () => {
    const { chain } = (await (await fetch(`${url}/readyz`)).json()) as { chain: string };
    return chain !== 'pending' && chain;
  });

function changeCaches(database: DatabaseSync, change: (text: string) => string): void {
  const rows = database.prepare('SELECT position, state FROM state_cache').all();
  expect(rows.length).toBeGreaterThan(0);
  for (const { position, state } of rows) {
    const after = change(String(state));
    expect(after).not.toBe(state);
    database.prepare('UPDATE state_cache SET state = ? WHERE position = ?').run(after, position!);
  }
}

describe('a cached state that was edited', () => {
  it('does not bring a downed flag up, and is told of', async () => {
    await must(server.api('POST', `${FLAG}/down`));
    await tampered((database) =>
      changeCaches(database, (text) => text.replaceAll('"down":true', '"down":false')),
    );
    expect(await isDown()).toBe(true);
    expect(suspects().join()).toMatch(/cached state of position \d+ is not used/);
    expect(await chainOf(server)).toMatch(/^broken at .*cached state/);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^downhaul_store_suspect_total [1-9]/m);
  });

  it('lets no forged token in', async () => {
    const parts = { kind: 'admin', id: '0123456789ab', secret: 'f'.repeat(64) } as const;
    const token = formatToken(parts);
    await tampered((database) =>
      changeCaches(database, (text) => {
        const state = JSON.parse(text);
        const { id, kind } = parts;
        const hash = hashSecret(parts.secret);
        state.tokens.push({ ...state.tokens[0], id, name: 'forged', kind, hash });
        return JSON.stringify(state);
      }),
    );
    const { status } = await apiOf(server.url, token)('GET', '/projects');
    expect(status).toBe(401);
  });

  it('does not pass where the log itself is made to name it', async () => {
    await must(server.api('POST', `${FLAG}/down`));
    await server.running.close();
    const database = new DatabaseSync(file());
    changeCaches(database, (text) => text.replaceAll('"down":true', '"down":false'));
    database.exec('DROP TRIGGER log_stays');
    for (const { position, state } of database.prepare('SELECT * FROM state_cache').all()) {
      database
        .prepare(
          `UPDATE log SET body = json_set(body, '$.stateHash', ?)
           WHERE body LIKE '%stateRecorded%' AND json_extract(body, '$.through') = ?`,
        )
        .run(textHash(String(state)), position!);
    }
    database.close();
    expect(verifyChain(file())).toMatchObject({ intact: false });
    server = await server.restart();
    expect(await isDown()).toBe(true);
  });

  it('is found by the check even where a true event at the end of the log names it', async () => {
    await must(server.api('POST', `${FLAG}/down`));
    await server.running.close();
    const { openSqliteStore } = await import('../../src/store/sqlite/open-store.ts');
    const { openControlLog } = await import('../../src/log/control-log.ts');
    const database = new DatabaseSync(file());
    changeCaches(database, (text) => text.replaceAll('"down":true', '"down":false'));
    const { position, state } = database
      .prepare('SELECT * FROM state_cache ORDER BY position DESC LIMIT 1')
      .get()!;
    database.close();
    const store = openSqliteStore(file(), { nowMs: () => Date.now() });
    const { log } = await openControlLog(store, 1_000);
    const stateHash = textHash(String(state));
    await log.recordState({ of: 'control', through: Number(position), stateHash });
    await store.close();
    expect(verifyChain(file())).toMatchObject({
      intact: false,
      reason: expect.stringMatching(/not what the log folds to|not the one that the log names/),
    });
    server = await server.restart();
  });
});

it('starts on a store of an earlier release, whose caches no event names', async () => {
  await must(server.api('POST', `${FLAG}/down`));
  await server.running.close();
  const database = new DatabaseSync(file());
  // As an earlier release leaves it: nothing in the log speaks of caches, and there is no witness.
  rmSync(`${file()}.witness`);
  const own = database.prepare(`SELECT count(*) AS own FROM log WHERE subject = 'log:own'`).get()!;
  database.exec(`
    DROP TRIGGER log_keeps;
    DELETE FROM log WHERE subject = 'log:own';
    UPDATE head SET position = (SELECT max(position) FROM log),
      hash = (SELECT hash FROM log ORDER BY position DESC LIMIT 1) WHERE log = 'control';
    UPDATE head SET copied_through = (SELECT max(position) FROM log) WHERE log = 'intake';
    DELETE FROM idempotency WHERE last_position > (SELECT max(position) FROM log);
  `);
  database.close();
  expect(Number(own['own'])).toBeGreaterThan(0);
  expect(verifyChain(file())).toMatchObject({ intact: true });
  server = await server.restart();
  expect(await isDown()).toBe(true);
  expect(suspects()).toEqual([]);
  expect(await chainOf(server)).toBe('intact');
});

it('goes on from a cache that the log names, after a stop and after a kill', async () => {
  const again = await server.restart();
  expect(suspects()).toEqual([]);
  expect(await chainOf(again)).toBe('intact');
  server = again;
});

it('does not use an edited checkpoint of telemetry', async () => {
  await must(server.api('POST', `${FLAG}/rollout/start`));
  await tampered((database) => {
    const { changes } = database
      .prepare(
        `UPDATE checkpoint SET state = replace(state, '"throughSequence"', ' "throughSequence"')`,
      )
      .run();
    expect(changes).toBeGreaterThan(0);
  });
  expect(suspects().join()).toMatch(/checkpoint of telemetry at \d+ is not the one/);
  expect(await chainOf(server)).toMatch(/checkpoint of telemetry/);
  // The rows are still there: the rollout is known.
  const { body } = await must(server.api('GET', `${FLAG}/rollout`));
  expect(body.rollout.status).toBe('running');
});

it('does not serve edited overrides', async () => {
  await must(server.api('PUT', `${FLAG}/overrides`, [{ unit: 'u1', variant: 'off' }]));
  await tampered((database) => {
    const { changes } = database
      .prepare(`UPDATE pages SET content = replace(content, 'off', 'on')`)
      .run();
    expect(changes).toBe(1);
  });
  const explained = async () => {
    const context = { targetingKey: 'u1' };
    const { body } = await must(server.api('POST', `${FLAG}/explain`, { context }));
    return body.explanation.evaluation.variant as string;
  };
  expect(await explained()).toBe('off');
  expect(suspects().join()).toMatch(/page .* of overrides/);
  // Nor does it become genuine by the next change.
  await must(server.api('PUT', `${FLAG}/overrides`, [{ unit: 'u2', variant: 'off' }]));
  expect(await explained()).toBe('off');
});

describe('the check of the log', () => {
  it.each([
    [
      'the index of subjects',
      `DROP TRIGGER log_stays; UPDATE log SET subject = 'default/flag:other' WHERE subject = 'default/flag:new-checkout'`,
      /index of subjects/,
    ],
    [
      'an answer kept for retries',
      `UPDATE idempotency SET answer = replace(answer, '"flagPut"', '"flagDowned"')`,
      /answer kept for/,
    ],
  ])('finds that %s was changed', async (_what, sql, reason) => {
    await tampered((database) => database.exec(sql));
    expect(await chainOf(server)).toMatch(reason);
    expect(verifyChain(file())).toMatchObject({ intact: false });
    const { body } = await must(server.api('GET', '/log/verify'));
    expect(body.reason).toMatch(reason);
  });
});
