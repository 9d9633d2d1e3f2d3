import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiOf, startTestServer } from '../support/server.ts';
import { startServerProcess } from '../support/server-process.ts';
import { FLAG, must, putCheckout } from '../support/setup.ts';
import { restoreSqliteStore } from '../../src/store/sqlite/restore.ts';

/** Starting a process takes long on a busy machine. */
const processTime = { timeout: 60_000 };

describe('a server process', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'downhaul-serve-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('refuses a data directory that another server holds, and says who', processTime, async () => {
    const first = await startServerProcess(directory);
    await expect(startServerProcess(directory)).rejects.toThrow(
      new RegExp(`held by another server: process ${first.child.pid}, since .*, at ${first.url}`),
    );
    await first.kill();
    const second = await startServerProcess(directory);
    expect(await second.stop()).toBe(143);
    expect(existsSync(join(directory, 'downhaul.db.holder'))).toBe(false);
  });

  it('keeps its data to its owner', processTime, async () => {
    const server = await startServerProcess(directory);
    for (const name of ['downhaul.db', 'downhaul.db-wal', 'downhaul.db.lock', 'admin-token']) {
      expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600);
    }
    await server.stop();
  });

  it('says in one line what is wrong with its options', processTime, async () => {
    const start = startServerProcess(directory, ['--heartbeat', 'soon']);
    await expect(start).rejects.toThrow(/^ended with 1: --heartbeat must be a duration.*\n$/);
  });

  it.each([
    [{ host: '0.0.0.0' }, /no loopback address/],
    [{ tlsCert: 'x.pem' }, /go together/],
  ])('does not start with %j', async (options, message) => {
    await expect(startTestServer(options)).rejects.toThrow(message);
  });

  it('writes backups while it runs; restored, they are the same log', async () => {
    const server = await startTestServer();
    await putCheckout(server.api);
    await must(server.api('POST', `${FLAG}/rollout/start`, { justification: 'now' }));
    const { body: report } = await must(server.api('POST', '/backup'));
    await must(server.api('POST', `${FLAG}/rollout/rollback`));
    expect(statSync(report.path).mode & 0o777).toBe(0o600);
    const restored = restoreSqliteStore(report.path, join(directory, 'downhaul.db'));
    expect(restored).toMatchObject({ position: report.position, hash: report.hash });
    const again = await startTestServer({ dataDirectory: directory });
    const api = apiOf(again.url, server.adminToken);
    const { body } = await must(api('GET', `${FLAG}/rollout`));
    expect(body.rollout.status).toBe('running');
    const { body: log } = await must(api('GET', '/log?subject=default/flag:new-checkout'));
    expect(log.events.at(-1).justification).toBe('now');
    await again.running.close();
    await server.dispose();
  });

  it('shows what it does in metrics', async () => {
    const server = await startTestServer();
    await putCheckout(server.api);
    await server.api('GET', '/nothing');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/^downhaul_log_position \d+$/m);
    expect(text).toMatch(/^downhaul_log_appends_total [1-9]/m);
    expect(text).toContain('downhaul_refusals_total{code="route_unknown"} 1');
    expect(text).toMatch(/^downhaul_http_request_seconds_bucket\{le="\+Inf"\} \d+$/m);
    for (const name of text.matchAll(/^(\w+)[ {]/gm)) {
      const family = name[1]!.replace(/_(bucket|sum|count)$/, '');
      expect(text, family).toMatch(new RegExp(`^# TYPE (${name[1]!}|${family}) `, 'm'));
    }
    await server.dispose();
  });

  it('goes on from where it was after a clean stop', async () => {
    const server = await startTestServer();
    await putCheckout(server.api);
    await must(server.api('POST', `${FLAG}/rollout/start`));
    const before = (await must(server.api('GET', `${FLAG}/rollout`))).body.rollout;
    const again = await server.restart();
    expect((await must(again.api('GET', `${FLAG}/rollout`))).body.rollout).toEqual(before);
    expect(readFileSync(again.running.adminTokenFile, 'utf8').trim()).toBe(server.adminToken);
    await again.dispose();
  });
});
