import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startClient, startServer } from '../support/clients.ts';
import { always } from '../support/fake-server.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const ON = snapshotOf(1, [booleanFlag('flag', { serve: 'on' })]);
const OTHER = snapshotOf(2, [booleanFlag('flag', { version: 2 })]);
const HELLO = 'event: hello\ndata: {"version":2,"heartbeatMs":1000,"reportIntervalMs":60}\n\n';

function json(text: string) {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  };
}

function stream(text: string | Buffer) {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(HELLO);
    response.write(text);
  };
}

function html(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
}

const wrongHash = { ...OTHER, hash: '0000000000000000' };
const noFlags = { ...OTHER, flags: null };
const half = JSON.stringify(OTHER).slice(0, 200);

const SNAPSHOTS: [string, (response: ServerResponse) => void][] = [
  ['HTML', html],
  ['half a JSON', json(half)],
  ['garbage', json(randomBytes(2_000).toString('latin1'))],
  ['null', json('null')],
  ['another hash than its content has', json(JSON.stringify(wrongHash))],
  ['no flags', json(JSON.stringify(noFlags))],
  [
    'less than it announced',
    (response) => {
      response.writeHead(200, { 'content-length': '100000' }).write(half);
      response.destroy();
    },
  ],
];

const STREAMS: [string, (response: ServerResponse) => void][] = [
  ['HTML', html],
  ['half a JSON', stream(`event: snapshot\ndata: ${half}\n\n`)],
  ['garbage', stream(Buffer.concat([randomBytes(5_000), Buffer.from('\n\ndata: x\n\n')]))],
  ['a garbled snapshot', stream(`event: snapshot\ndata: {"version":"x"}\n\n`)],
  ['another hash', stream(`event: snapshot\ndata: ${JSON.stringify(wrongHash)}\n\n`)],
  ['a delta that is none', stream('event: delta\ndata: []\n\n')],
  ['a line without end', stream(`data: ${'x'.repeat(70 * 1024 * 1024)}`)],
];

describe('a server, or something in between, that corrupts', () => {
  it.each(SNAPSHOTS)('does no harm with %s as the polled snapshot', async (_name, answer) => {
    const server = await startServer(ON);
    const client = startClient({ url: server.url, pollIntervalMs: 30 });
    await client.ready();
    Object.assign(server.faults, {
      stream: always((response) => response.destroy()),
      snapshot: always(answer),
    });
    server.snapshot = OTHER;
    server.dropConnections();
    await until('it is stale', () => client.status().state === 'stale');
    expect(client.details('flag', false)).toMatchObject({ value: true });
    expect(client.status().version).toBe(1);
    server.faults.snapshot = always(json(JSON.stringify(OTHER)));
    await until('it recovers', () => client.status().state === 'ready');
    expect(client.status().version).toBe(2);
  });

  it.each(STREAMS)('does no harm with %s in the stream', async (_name, answer) => {
    const server = await startServer(ON);
    const client = startClient({ url: server.url, pollIntervalMs: 30 });
    await client.ready();
    Object.assign(server.faults, {
      stream: always(answer),
      snapshot: always((response) => response.writeHead(500).end()),
    });
    server.snapshot = OTHER;
    server.dropConnections();
    await until('it is stale', () => client.status().state === 'stale');
    expect(client.details('flag', false)).toMatchObject({ value: true });
    expect(client.status().version).toBe(1);
    delete server.faults.stream;
    await until('it recovers', () => client.status().state === 'ready');
    expect(client.status()).toMatchObject({ version: 2, source: 'stream' });
  });

  it('gets its first snapshot by polling when the stream is spoilt from the start', async () => {
    const server = await startServer(ON);
    server.faults.stream = always(html);
    const client = startClient({ url: server.url });
    await client.ready();
    expect(client.boolean('flag', false)).toBe(true);
    expect(client.status()).toMatchObject({ state: 'ready', source: 'poll' });
  });
});
