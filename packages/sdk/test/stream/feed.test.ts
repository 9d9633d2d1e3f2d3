import { diffSnapshots } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import { type TestClient, startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

function version(number: number) {
  return snapshotOf(number, [booleanFlag('flag', { version: number, serve: 'on' })]);
}

async function start(): Promise<{ server: FakeServer; client: TestClient }> {
  const server = await startServer(version(1));
  // The poll that goes with a broken stream comes after the next stream.
  const client = startClient({ url: server.url, random: () => 0.9 });
  await client.ready();
  await until('the stream is open', () => server.openStreams === 1);
  return { server, client };
}

/** The request of the last stream that was opened. */
function lastStream(server: FakeServer) {
  return server.requests.filter((request) => request.route === 'stream').at(-1)!;
}

describe('the stream', () => {
  it('is taken up again with the version and the hash held', async () => {
    const { server, client } = await start();
    server.dropConnections();
    await until('it is open again', () => server.count('stream') === 2 && server.openStreams === 1);
    expect(lastStream(server).headers['last-event-id']).toBe('1');
    expect(lastStream(server).url.searchParams.get('hash')).toBe(version(1).hash);
    server.publish(version(2));
    await until('it goes on', () => client.status().version === 2);
  });

  it.each([
    ['a delta of another base', () => `event: delta\ndata: ${deltaOf(7, 8)}\n\n`],
    ['a delta that leads elsewhere', () => `event: delta\ndata: ${spoiltDelta()}\n\n`],
    ['a heartbeat of a version never seen', () => 'event: heartbeat\ndata: {"version":8}\n\n'],
  ])('asks for the whole snapshot after %s', async (_name, text) => {
    const { server, client } = await start();
    server.snapshot = version(8);
    server.send(text());
    await until('it has caught up', () => client.status().version === 8);
    expect(lastStream(server).headers['last-event-id']).toBeUndefined();
    expect(client.status().source).toBe('stream');
  });

  it('passes over events of a later server', async () => {
    const { server, client } = await start();
    server.send('event: weather\ndata: sunny\n\n: a comment\n\n');
    server.publish(version(2));
    await until('it goes on', () => client.status().version === 2);
    expect(server.count('stream')).toBe(1);
  });

  it('names its token, instance and scope with every request', async () => {
    const server = await startServer(version(1));
    const client = startClient({
      url: `${server.url}/`,
      instance: 'pod-1',
      project: 'default',
      environment: 'production',
    });
    await client.ready();
    await until('the first report is there', () => server.reports.length > 0);
    const { instance } = client.status();
    expect(new Set(server.requests.map((request) => request.route)).size).toBeGreaterThan(2);
    for (const { headers, url } of server.requests) {
      expect(headers).toMatchObject({
        authorization: 'Bearer token-of-tests',
        'downhaul-instance': instance,
        'user-agent': expect.stringMatching(/^downhaul-sdk\//),
      });
      expect(url.search).toContain('project=default&environment=production');
    }
    expect(server.reports[0]?.instance).toBe(instance);
    expect(instance).toMatch(/^pod-1-/);
  });
});

function deltaOf(from: number, to: number): string {
  return JSON.stringify(diffSnapshots(version(from), version(to)));
}

function spoiltDelta(): string {
  return JSON.stringify({ ...diffSnapshots(version(1), version(8)), hash: 'f'.repeat(16) });
}
