import { unitHash } from '@downhaul/engine';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { HttpHandler } from '../../src/index.ts';
import { startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { listen } from '../support/http-host.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const UNIT = unitHash(UNIT_SALT, 'ada');

async function serve(
  handler: HttpHandler,
  rollout: Parameters<typeof rolloutFlag>[2] = {},
): Promise<{ url: string; server: FakeServer }> {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100, rollout)]));
  const client = startClient({ url: server.url });
  await client.ready();
  const context = () => ({ targetingKey: 'ada' });
  const url = await listen((request, response) => {
    try {
      const result = client.http(handler, { context })(request, response);
      if (result instanceof Promise) result.catch(() => response.destroy());
    } catch {
      response.destroy();
    }
  });
  return { url, server };
}

function metricsOf(server: FakeServer): string[] {
  return [...new Set(server.outcomes.map((outcome) => outcome.metric))].sort();
}

describe('the middleware for node:http', () => {
  it('reports the latency of a good request and nothing else', async () => {
    const { url, server } = await serve((_, response) => response.end('fine'));
    await fetch(url);
    await until('an outcome is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toEqual([
      expect.objectContaining({ unit: UNIT, metric: 'http.latency' }),
    ]);
  });

  it('reports one bad outcome per unit for answers of 500', async () => {
    const { url, server } = await serve((_, response) => response.writeHead(503).end());
    await fetch(url);
    await fetch(url);
    await until('a failure is reported', () => metricsOf(server).includes('http.error_rate'));
    const [report] = server.reports.filter((each) => each.outcomes.length > 0);
    const failures = report?.outcomes.filter((each) => each.metric === 'http.error_rate');
    expect(failures).toEqual([expect.objectContaining({ unit: UNIT, value: 1 })]);
  });

  it.each([401, 403])('reports %d as denied, where a rollout asks for it', async (status) => {
    const handler: HttpHandler = (_, response) => response.writeHead(status).end();
    const { url, server } = await serve(handler, { metrics: ['http.denied'] });
    await fetch(url);
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toEqual([
      expect.objectContaining({ unit: UNIT, metric: 'http.denied', value: 1 }),
    ]);
    const other = await serve(handler);
    await fetch(other.url);
    await until('an outcome is reported', () => other.server.outcomes.length > 0);
    expect(metricsOf(other.server)).toEqual(['http.latency']);
  });

  it('takes a 404 as good', async () => {
    const { url, server } = await serve((_, response) => response.writeHead(404).end());
    await fetch(url);
    await until('an outcome is reported', () => server.outcomes.length > 0);
    expect(metricsOf(server)).toEqual(['http.latency']);
  });

  it.each<[string, HttpHandler]>([
    ['throws', () => raise()],
    ['rejects', () => Promise.resolve().then(raise)],
    ['breaks the answer off', (_, response) => void response.destroy()],
    [
      'passes on that somebody else hung up',
      (_, response) => void response.destroy(Object.assign(new Error(), { code: 'ECONNRESET' })),
    ],
    ['breaks it off half-way', (_, response) => void response.write('x', () => response.destroy())],
  ])('reports a bad outcome of a handler that %s', async (_name, handler) => {
    const { url, server } = await serve(handler);
    await fetch(url)
      .then((response) => response.text())
      .catch(() => undefined);
    await until('a failure is reported', () => metricsOf(server).includes('http.error_rate'));
    expect(metricsOf(server)).toEqual(['http.error_rate', 'http.latency']);
  });

  it.each<['destroy' | 'resetAndDestroy' | 'end']>([['destroy'], ['resetAndDestroy'], ['end']])(
    'counts a client that goes away (%s) apart',
    async (leave) => {
      let isHandling = false;
      const { url, server } = await serve(() => {
        isHandling = true;
      });
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('GET / HTTP/1.1\r\nhost: test\r\n\r\n');
      await until('the request is being handled', () => isHandling);
      socket[leave]();
      await until('it is reported', () => server.outcomes.length > 0);
      expect(metricsOf(server)).toEqual(['http.client_abort', 'http.latency']);
    },
  );
});

function raise(): never {
  throw new Error('ordered by the test');
}
