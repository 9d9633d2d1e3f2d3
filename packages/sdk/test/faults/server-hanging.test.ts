import { type Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { afterTest, startClient, startServer } from '../support/clients.ts';
import type { Fault } from '../support/fake-server.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const ON = snapshotOf(1, [booleanFlag('flag', { serve: 'on' })]);
const SHORT = { helloTimeoutMs: 150, pollTimeoutMs: 150, reportTimeoutMs: 150 };

const neverAnswers: Fault = () => true;
const onlyHeaders: Fault = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  return true;
};

describe('a server that hangs', () => {
  it('is not waited for longer than the start time-out', async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => void accepted.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterTest(async () => {
      for (const socket of accepted) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    const client = startClient({ url: `http://127.0.0.1:${port}`, startTimeoutMs: 100 });
    await client.ready();
    expect(client.boolean('flag', true)).toBe(true);
    expect(client.status()).toMatchObject({ state: 'error', source: 'none' });
    // Neither is closing.
    await client.close();
    expect(client.status().state).toBe('closed');
  });

  it('is polled where only its stream hangs, as behind a proxy that buffers', async () => {
    const server = await startServer(ON);
    server.faults.stream = onlyHeaders;
    const client = startClient({ url: server.url, pollIntervalMs: 50, startTimeoutMs: 200 });
    await client.ready();
    expect(client.boolean('flag', false)).toBe(true);
    expect(client.status()).toMatchObject({ state: 'ready', source: 'poll' });
    server.publish(snapshotOf(2, [booleanFlag('flag', { version: 2 })]));
    await until('the change is served', () => !client.boolean('flag', true));
    const before = server.count('snapshot');
    await until('it polls again', () => server.count('snapshot') > before + 1);
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe(`"2-${server.snapshot.hash}"`);
  });

  it('gets its stream tried again and again', async () => {
    const server = await startServer(ON);
    server.faults.stream = onlyHeaders;
    const client = startClient({ url: server.url }, SHORT);
    await until('it tried again', () => server.count('stream') > 1);
    delete server.faults.stream;
    await until('it streams', () => client.status().source === 'stream');
  });

  it.each([
    ['never answers', neverAnswers],
    ['sends headers and no body', onlyHeaders],
  ])('leaves the last known good in use when it %s', async (_name, fault) => {
    const server = await startServer(ON);
    const client = startClient({ url: server.url, pollIntervalMs: 50 }, SHORT);
    await client.ready();
    Object.assign(server.faults, { stream: fault, snapshot: fault, reports: fault });
    server.dropConnections();
    await until('it is stale', () => client.status().state === 'stale');
    expect(client.boolean('flag', false)).toBe(true);
    for (const route of ['stream', 'snapshot', 'reports'] as const) delete server.faults[route];
    await until('it is ready', () => client.status().state === 'ready');
  });

  it('is noticed by its missing heartbeats', async () => {
    const server = await startServer(ON);
    server.heartbeatMs = 60_000;
    const client = startClient({ url: server.url });
    await client.ready();
    await until('the stream is open', () => server.openStreams === 1);
    // From here on heartbeats are promised, and do not come.
    server.heartbeatMs = 50;
    server.send('event: hello\ndata: {"version":1,"heartbeatMs":50,"reportIntervalMs":50}\n\n');
    await until('it connected again', () => server.count('stream') === 2);
    expect(client.logged.join('\n')).toContain('fell silent');
  });
});
