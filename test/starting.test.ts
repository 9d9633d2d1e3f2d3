import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createDownhaul } from '@downhaul/sdk';
import { systemClock } from '../packages/server/src/clock/clock.ts';
import { readOptions } from '../packages/server/src/config/read-options.ts';
import { type RunningServer, startServer, STORE_FILE } from '../packages/server/src/serve.ts';
import { openSqliteStore } from '../packages/server/src/store/sqlite/open-store.ts';
import { apiOf, until } from '../packages/server/test/support/server.ts';
import { FLAG, must, putCheckout } from '../packages/server/test/support/setup.ts';

const LIMIT_MS = 120_000;
const ROWS = 20_000;

const directory = mkdtempSync(join(tmpdir(), 'downhaul-starting-'));
const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Telemetry that no checkpoint covers, as after `kill -9`. */
async function addRows(scope: object): Promise<void> {
  const store = openSqliteStore(join(directory, STORE_FILE), systemClock);
  const { copiedThrough } = await store.intakeHead();
  const drafts = Array.from({ length: ROWS }, (_, index) => ({
    body: JSON.stringify({
      ...{ type: 'contact', scope, instance: `i${index % 500}`, contact: 'polled', version: 1 },
    }),
  }));
  await store.appendIntake(drafts, copiedThrough);
  await store.close();
}

it(
  'while a store is read that is large, a server says so at once, and SDKs and changes wait for it',
  async () => {
    const port = await freePort();
    const options = readOptions({
      argv: ['--port', String(port), '--log-level', 'silent', '--data-directory', directory],
    });
    const first = await startServer(options);
    const api = apiOf(first.url, first.adminToken);
    await putCheckout(api);
    const place = { project: 'default', environment: 'production', service: 'storefront' };
    const { body } = await must(api('POST', '/tokens', { name: 'sdk', kind: 'sdk', ...place }));
    await first.close();
    await addRows({ ...place, token: body.id });

    let isStarted = false;
    const starting = startServer(options).then((server) => {
      isStarted = true;
      running.push(server);
    });
    const refused = await until(async () => {
      const answer = await api('POST', `${FLAG}/down`).catch(() => undefined);
      return answer?.status === 503 && answer;
    });
    expect(isStarted).toBe(false);
    expect(refused.body).toMatchObject({ code: 'server_starting', status: 503 });
    expect(refused.headers.get('retry-after')).toBe('1');
    const ready = await fetch(`${first.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, reason: 'the server starts' });
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    const stream = { authorization: `Bearer ${body.token}`, 'downhaul-instance': 'i1' };
    const streamed = await fetch(`${first.url}/api/v1/sdk/stream`, { headers: stream });
    expect(streamed.status).toBe(503);
    expect(isStarted).toBe(false);

    const sdk = createDownhaul({ url: first.url, token: body.token, startTimeoutMs: LIMIT_MS });
    await sdk.ready();
    expect(isStarted).toBe(true);
    await sdk.close();
    await starting;
    await must(api('POST', `${FLAG}/down`));
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  },
  LIMIT_MS,
);
