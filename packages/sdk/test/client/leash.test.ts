import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterTest, startClient, startServer } from '../support/clients.ts';
import { booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const CONTEXT = { targetingKey: 'ada' };
const SNAPSHOT = snapshotOf(1, [rolloutFlag('flag', 100), booleanFlag('plain', { serve: 'on' })]);

describe('the leash', () => {
  it('puts flags in rollout on control once the instance is cut off for longer', async () => {
    const server = await startServer(SNAPSHOT);
    let offsetMs = 0;
    const now = () => Date.now() + offsetMs;
    const client = startClient({ url: server.url, leashMs: 60_000, pollIntervalMs: 50, now });
    await client.ready();
    expect(client.boolean('flag', false, CONTEXT)).toBe(true);
    await server.stop();
    await until('it is stale', () => client.status().state === 'stale');
    offsetMs = 50_000;
    expect(client.boolean('flag', false, CONTEXT)).toBe(true);
    // As after a suspended machine: the wall clock has moved, the monotonic one has not.
    offsetMs = 61_000;
    expect(client.details('flag', true, CONTEXT)).toMatchObject({ value: false, reason: 'STALE' });
    expect(client.boolean('plain', false, CONTEXT)).toBe(true);
  });

  it('starts anew with each answer, while the stream is alive', async () => {
    const server = await startServer(SNAPSHOT);
    let offsetMs = 0;
    const now = () => Date.now() + offsetMs;
    const client = startClient({ url: server.url, leashMs: 60_000, now });
    await client.ready();
    offsetMs = 120_000;
    await until('a later report is answered', () => client.boolean('flag', false, CONTEXT));
  });

  it('reports the assigned arm, not served', async () => {
    const server = await startServer(SNAPSHOT);
    let offsetMs = 0;
    server.reportIntervalMs = 100_000;
    const client = startClient({
      url: server.url,
      leashMs: 60_000,
      now: () => Date.now() + offsetMs,
    });
    await client.ready();
    offsetMs = 120_000;
    expect(client.boolean('flag', true, CONTEXT)).toBe(false);
    await client.close();
    expect(server.exposures).toMatchObject([{ arm: 'treatment', served: false }]);
  });

  it('counts a copy on disk as cut off until the server has answered', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'downhaul-sdk-'));
    afterTest(() => rm(directory, { recursive: true }));
    const bootstrapFile = join(directory, 'bootstrap.json');
    await writeFile(bootstrapFile, JSON.stringify(SNAPSHOT));
    const away = { url: 'http://127.0.0.1:9', bootstrapFile };
    const leashed = startClient({ ...away, leashMs: 60_000 });
    const free = startClient(away);
    await Promise.all([leashed.ready(), free.ready()]);
    expect(leashed.details('flag', true, CONTEXT)).toMatchObject({ value: false, reason: 'STALE' });
    expect(free.boolean('flag', false, CONTEXT)).toBe(true);
  });

  it('is off unless it is asked for', async () => {
    const server = await startServer(SNAPSHOT);
    let offsetMs = 0;
    const client = startClient({ url: server.url, now: () => Date.now() + offsetMs });
    await client.ready();
    offsetMs = 1e12;
    expect(client.boolean('flag', false, CONTEXT)).toBe(true);
  });
});
