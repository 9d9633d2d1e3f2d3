import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import fastify, { type FastifyRequest } from 'fastify';
import { unitHash } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import { afterTest, startClient, startServer } from '../support/clients.ts';
import { readJson } from '../support/fake-server.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

async function start() {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100)]));
  const client = startClient({ url: server.url });
  await client.ready();
  const app = fastify();
  afterTest(() => app.close());
  await app.register(client.fastify, {
    context: (request: FastifyRequest) => ({ targetingKey: String(request.headers['user']) }),
  });
  app.post('/flag', async () => ({ flag: client.boolean('flag', false) }));
  app.get('/throws', async () => {
    throw new Error('ordered by the test');
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { server, url };
}

describe('the plugin for fastify', () => {
  it('opens a scope for the whole app that lasts through a parsed body', async () => {
    const { server, url } = await start();
    const answer = await fetch(`${url}/flag`, {
      method: 'POST',
      headers: { user: 'ada', 'content-type': 'application/json' },
      body: JSON.stringify({ a: 'x'.repeat(200_000) }),
    });
    expect(await answer.json()).toEqual({ flag: true });
    await until('it is reported', () => server.exposures.length > 0 && server.outcomes.length > 0);
    const unit = unitHash(UNIT_SALT, 'ada');
    expect(server.exposures).toMatchObject([{ unit, arm: 'treatment' }]);
    expect(server.outcomes).toMatchObject([{ unit, metric: 'http.latency' }]);
  });

  it('keeps the scope while a body comes in late', async () => {
    const { url } = await start();
    const sending = request(`${url}/flag`, {
      method: 'POST',
      headers: { user: 'ada', 'content-type': 'application/json', 'content-length': 7 },
    });
    sending.write('{"a":');
    await until('the head is on its way', () => sending.headersSent);
    await fetch(`${url}/throws`, { headers: { user: 'eve' } });
    sending.end('1}');
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    expect(await readJson(answer)).toEqual({ flag: true });
  });

  it('takes a handler that throws as bad', async () => {
    const { server, url } = await start();
    const answer = await fetch(`${url}/throws`, { headers: { user: 'ada' } });
    expect(answer.status).toBe(500);
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes.map((each) => each.metric)).toContain('http.error_rate');
  });
});
