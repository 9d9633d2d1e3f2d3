import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterTest, startClient } from '../support/clients.ts';
import { kill, startScript } from '../support/processes.ts';
import { until } from '../support/until.ts';

const SERVER = new URL('../support/server-process.ts', import.meta.url);

describe('a server that is killed', () => {
  it('leaves the last known good in use, STALE, until it is back', async () => {
    const first = await startScript(SERVER, '0', '1');
    const port = first.firstLine;
    const client = startClient({ url: `http://127.0.0.1:${port}`, pollIntervalMs: 100 });
    await client.ready();
    expect(client.details('flag', false)).toMatchObject({ value: true, reason: 'STATIC' });
    await kill(first.child);
    await until('it is stale', () => client.status().state === 'stale');
    expect(client.boolean('flag', false)).toBe(true);
    await startScript(SERVER, port, '2');
    await until('it is ready', () => client.status().state === 'ready');
    expect(client.status().version).toBe(2);
  });

  it('does not keep its clients from starting with what is on disk', async () => {
    const cacheDirectory = await mkdtemp(join(tmpdir(), 'downhaul-sdk-'));
    afterTest(() => rm(cacheDirectory, { recursive: true }));
    const server = await startScript(SERVER, '0', '7');
    const url = `http://127.0.0.1:${server.firstLine}`;
    const before = startClient({ url, cacheDirectory });
    await before.ready();
    await before.close();
    await kill(server.child);
    const after = startClient({ url, cacheDirectory });
    await after.ready();
    expect(after.boolean('flag', false)).toBe(true);
    await until('it is stale', () => after.status().state === 'stale');
    expect(after.status()).toMatchObject({ version: 7, source: 'disk' });
  });
});
