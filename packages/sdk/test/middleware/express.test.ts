import express from 'express';
import { unitHash } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import { startClient, startServer } from '../support/clients.ts';
import { listen } from '../support/http-host.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

async function start() {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100)]));
  const client = startClient({ url: server.url });
  await client.ready();
  const app = express();
  app.use(
    client.express({
      context: (request: express.Request) => ({ targetingKey: request.get('user') ?? '' }),
    }),
  );
  app.use(express.json());
  app.post('/flag', (_request, response) => {
    response.json({ flag: client.boolean('flag', false) });
  });
  app.get('/throws', () => {
    throw new Error('ordered by the test');
  });
  app.use((_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
    response.status(500).end();
  });
  return { server, url: await listen(app) };
}

describe('the middleware for express', () => {
  it('opens a scope that lasts through a parsed body', async () => {
    const { server, url } = await start();
    const answer = await fetch(`${url}/flag`, {
      method: 'POST',
      headers: { user: 'ada', 'content-type': 'application/json' },
      body: JSON.stringify({ a: 1 }),
    });
    expect(await answer.json()).toEqual({ flag: true });
    await until('it is reported', () => server.exposures.length > 0 && server.outcomes.length > 0);
    const unit = unitHash(UNIT_SALT, 'ada');
    expect(server.exposures).toMatchObject([{ unit, arm: 'treatment' }]);
    expect(server.outcomes).toMatchObject([{ unit, metric: 'http.latency' }]);
  });

  it('takes what an error handler answers with 500 as bad', async () => {
    const { server, url } = await start();
    await fetch(`${url}/throws`, { headers: { user: 'ada' } });
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes.map((each) => each.metric)).toContain('http.error_rate');
  });
});
