import { unitHash } from '@downhaul/engine';
import express, { type NextFunction, type Request, type Response } from 'express';
import fastify from 'fastify';
import { once } from 'node:events';
import { type IncomingMessage, ServerResponse, createServer, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { MiddlewareOptions } from '../../src/index.ts';
import { afterTest, startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { listen } from '../support/http-host.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const ANONYMOUS = unitHash(UNIT_SALT, 'anonymous');
const ADA = unitHash(UNIT_SALT, 'ada');
const ERRORS_ONLY = { metrics: ['http.error_rate'] };

async function start(rollout: Parameters<typeof rolloutFlag>[2] = ERRORS_ONLY) {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100, rollout)]));
  const client = startClient({ url: server.url });
  await client.ready();
  return { server, client };
}

function requestsOf(server: FakeServer): { count: number; bad: number } {
  const sums = { count: 0, bad: 0 };
  for (const { traffic } of server.reports) {
    sums.count += traffic?.metrics['http.error_rate']?.count ?? 0;
    sums.bad += traffic?.metrics['http.error_rate']?.bad ?? 0;
  }
  return sums;
}

/** When this report is there, all that was counted before is, too. */
async function allReported(server: FakeServer): Promise<void> {
  const before = server.reports.length;
  await until('two more reports', () => server.reports.length >= before + 2);
}

const failures = (server: FakeServer): string[] =>
  [...new Set(server.outcomes.map(({ unit }) => unit))].sort();

describe('the scope of a request', () => {
  it('counts for each unit that was exposed in it: anonymous, then signed in', async () => {
    const { server, client } = await start();
    const url = await listen(
      client.http(
        (_, response) => {
          client.boolean('flag', false);
          client.boolean('flag', false, { targetingKey: 'ada' });
          response.writeHead(500).end();
        },
        { context: () => ({ targetingKey: 'anonymous' }) },
      ),
    );
    await fetch(url);
    await until('both are reported', () => server.outcomes.length > 1);
    expect(failures(server)).toEqual([ANONYMOUS, ADA].sort());
    expect(server.exposures.map(({ unit }) => unit).sort()).toEqual([ANONYMOUS, ADA].sort());
  });

  it('counts for a unit that is exposed in work within it, such as the rest of the request', async () => {
    const { server, client } = await start();
    const app = express();
    app.use(client.express({ context: () => ({ targetingKey: 'anonymous' }) }));
    app.use((_request, _response, next) => client.run({ targetingKey: 'ada' }, () => next()));
    app.use((_request, response) => {
      client.boolean('flag', false);
      response.status(500).end();
    });
    await fetch(await listen(app));
    await until('both are reported', () => server.outcomes.length > 1);
    expect(failures(server)).toEqual([ANONYMOUS, ADA].sort());
    await allReported(server);
    expect(requestsOf(server)).toEqual({ count: 1, bad: 1 });
  });

  it('is one, however many middlewares it meets, with the context of all', async () => {
    const { server, client } = await start();
    const seen: unknown[] = [];
    const signedIn = (request: Request, _response: Response, next: NextFunction) => {
      Object.assign(request, { user: 'ada' });
      next();
    };
    const app = express();
    app.use(client.express({ context: () => ({ targetingKey: 'anonymous', plan: 'free' }) }));
    app.use(signedIn);
    app.use(
      client.express({
        context: (request: Request & { user?: string }) => ({ targetingKey: request.user ?? '' }),
      }),
    );
    app.use((_request, response) => {
      seen.push(client.boolean('flag', false));
      response.status(500).end();
    });
    await fetch(await listen(client.http((request, response) => app(request, response))));
    await until('it is reported', () => server.outcomes.length > 0);
    await allReported(server);
    expect(seen).toEqual([true]);
    expect(server.exposures.map(({ unit }) => unit)).toEqual([ADA]);
    expect(failures(server)).toEqual([ANONYMOUS, ADA].sort());
    expect(requestsOf(server)).toEqual({ count: 1, bad: 1 });
  });

  it('is one where a plugin of fastify is registered twice', async () => {
    const { server, client } = await start();
    const app = fastify();
    afterTest(() => app.close());
    const context: MiddlewareOptions<unknown> = { context: () => ({ targetingKey: 'ada' }) };
    await app.register(client.fastify, context);
    await app.register(client.fastify, context);
    app.get('/', async (_, reply) => reply.code(500).send({ flag: client.boolean('flag', false) }));
    await app.inject('/');
    await until('it is reported', () => server.outcomes.length > 0);
    await allReported(server);
    expect(requestsOf(server)).toEqual({ count: 1, bad: 1 });
    expect(failures(server)).toEqual([ADA]);
  });

  it('is synthetic when a further middleware says so, and stays so', async () => {
    const { server, client } = await start();
    const app = express();
    app.use(client.express({ context: () => ({ targetingKey: 'ada' }) }));
    app.use(client.express({ synthetic: () => true }));
    app.use(client.express({ synthetic: () => false }));
    app.use((_request, response) => response.status(500).end());
    await fetch(await listen(app));
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toMatchObject([{ unit: ADA, synthetic: true }]);
    await allReported(server);
    expect(requestsOf(server)).toEqual({ count: 0, bad: 0 });
  });

  it('is not that of whoever opened the server in a scope', async () => {
    const { server, client } = await start();
    const port = await client.run({ targetingKey: 'ada' }, async () => {
      const host = createServer(
        client.http((_, response) => {
          client.boolean('flag', false);
          response.writeHead(500).end();
        }),
      );
      afterTest(async () => host.close());
      host.listen(0, '127.0.0.1');
      await once(host, 'listening');
      return (host.address() as AddressInfo).port;
    });
    await fetch(`http://127.0.0.1:${port}`);
    await allReported(server);
    expect(server.exposures).toEqual([]);
    expect(server.outcomes).toEqual([]);
  });

  it('is not counted when the connection becomes something else', async () => {
    const { server, client } = await start();
    const handler = client.http(() => client.boolean('flag', false), {
      context: () => ({ targetingKey: 'ada' }),
    });
    const host = createServer();
    // As frameworks do that route upgrades: a response that nobody ends.
    host.on('upgrade', (request: IncomingMessage, socket) => {
      const response = new ServerResponse(request);
      response.assignSocket(socket as never);
      handler(request, response);
      socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: test\r\n\r\n',
      );
    });
    afterTest(async () => host.close());
    host.listen(0, '127.0.0.1');
    await once(host, 'listening');
    const { port } = host.address() as AddressInfo;
    const sent = get({ port, headers: { connection: 'upgrade', upgrade: 'test' } });
    const [, socket] = (await once(sent, 'upgrade')) as [unknown, { destroy(): void }];
    socket.destroy();
    await until('it is exposed', () => server.exposures.length > 0);
    await allReported(server);
    expect(server.outcomes).toEqual([]);
    expect(requestsOf(server)).toEqual({ count: 0, bad: 0 });
  });

  it('ends for requests that wait for an earlier one when their connection is gone', async () => {
    const { server, client } = await start({ metrics: ['http.client_abort'] });
    let handled = 0;
    const url = await listen(
      client.http(() => void (handled += 1), {
        context: (request) => ({ targetingKey: request.url?.slice(1) ?? '' }),
      }),
    );
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const head = (user: string) => `GET /${user} HTTP/1.1\r\nhost: test\r\n\r\n`;
    socket.write(head('anonymous') + head('ada'));
    await until('both are being handled', () => handled === 2);
    socket.resetAndDestroy();
    await until('both are reported', () => server.outcomes.length > 1);
    expect(failures(server)).toEqual([ANONYMOUS, ADA].sort());
  });
});

describe('what is like a promise', () => {
  it.each(['rejects', 'resolves'])('is waited for once, and %s in its scope', async (way) => {
    const { server, client } = await start();
    let started = 0;
    const query = {
      // As the queries of database libraries: each wait begins it anew.
      then(resolve: (value: number) => void, reject: (error: Error) => void) {
        started += 1;
        client.boolean('flag', false);
        setTimeout(() => (way === 'rejects' ? reject(new Error('ordered')) : resolve(7)), 10);
      },
    } as PromiseLike<number>;
    const result = client.run({ targetingKey: 'ada' }, () => query);
    expect(await result.catch(() => 'failed')).toBe(way === 'rejects' ? 'failed' : 7);
    expect(started).toBe(1);
    await until('it is exposed', () => server.exposures.length > 0);
    await allReported(server);
    expect(failures(server)).toEqual(way === 'rejects' ? [ADA] : []);
    expect(requestsOf(server)).toEqual({ count: 1, bad: way === 'rejects' ? 1 : 0 });
  });

  it('is none where its `then` throws or is no function', async () => {
    const { client } = await start();
    const hostile = Object.defineProperty({}, 'then', {
      get() {
        throw new Error('ordered');
      },
    });
    expect(client.run({}, () => hostile)).toBe(hostile);
    const plain = { then: 'later' };
    expect(client.run({}, () => plain)).toBe(plain);
  });
});
