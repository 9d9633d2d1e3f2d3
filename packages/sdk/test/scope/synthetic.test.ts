import type { IncomingMessage } from 'node:http';
import { unitHash } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import type { Downhaul, DownhaulOptions, MiddlewareOptions } from '../../src/index.ts';
import { startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { listen } from '../support/http-host.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const ADA = unitHash(UNIT_SALT, 'ada');

async function start(options: DownhaulOptions = {}) {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100)]));
  const client = startClient({ url: server.url, ...options });
  await client.ready();
  return { server, client };
}

/** A host whose requests all fail. */
function failing(client: Downhaul, options: MiddlewareOptions<IncomingMessage> = {}) {
  const handler: Parameters<typeof client.http>[0] = (_request, response) => {
    client.boolean('flag', false);
    response.statusCode = 500;
    response.end();
  };
  return listen(client.http(handler, { context: () => ({ targetingKey: 'ada' }), ...options }));
}

async function told(server: FakeServer) {
  await until('an outcome is told', () => server.outcomes.length > 0);
  const activity = server.reports.flatMap((report) => report.activity);
  const traffic = server.reports.map((report) => report.traffic?.metrics['http.error_rate']);
  return { exposures: server.exposures, outcomes: server.outcomes, activity, traffic };
}

describe('synthetic traffic', () => {
  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
  ])('with the header `%s` is marked in every item: %s', async (value, isMarked) => {
    const { server, client } = await start();
    const url = await failing(client);
    await fetch(url, { headers: { 'downhaul-synthetic': value } });
    const { exposures, outcomes, activity, traffic } = await told(server);
    for (const items of [exposures, outcomes, activity]) {
      expect(items.length).toBeGreaterThan(0);
      for (const item of items) expect('synthetic' in item).toBe(isMarked);
    }
    expect(traffic.some((each) => (each?.count ?? 0) > 0)).toBe(!isMarked);
  });

  it('is what the host’s own predicate says, and a predicate that throws says no', async () => {
    const { server, client } = await start();
    const url = await failing(client, { synthetic: ({ url: path }) => path === '/probe' });
    await fetch(`${url}/probe`);
    expect((await told(server)).outcomes).toMatchObject([{ unit: ADA, synthetic: true }, {}]);
    const other = await start();
    const throwing = await failing(other.client, {
      synthetic: () => {
        throw new Error('ordered by the test');
      },
    });
    await fetch(throwing, { headers: { 'downhaul-synthetic': '1' } });
    for (const item of (await told(other.server)).outcomes)
      expect(item).not.toHaveProperty('synthetic');
  });

  it('does not hide a person’s first exposure', async () => {
    const { server, client } = await start();
    const work = () => client.boolean('flag', false, { targetingKey: 'ada' });
    client.run({}, work, { synthetic: true });
    client.run({}, work);
    await until('both are told', () => server.exposures.length === 2);
    const marks = server.exposures.map((item) => item.synthetic);
    expect(marks.sort()).toEqual([true, undefined]);
  });

  it('is inherited by scopes within, and by the services behind that trust it', async () => {
    const front = await start({ propagateTo: () => true });
    const trusting = await start({ trustIncomingBaggage: true });
    const careful = await start();
    const urls = [await failing(trusting.client), await failing(careful.client)];
    await front.client.run(
      { targetingKey: 'bob' },
      () => front.client.run({}, () => Promise.all(urls.map((url) => fetch(url)))),
      { synthetic: true },
    );
    const behind = (await told(trusting.server)).outcomes;
    expect(behind.length).toBeGreaterThan(0);
    for (const item of behind) expect(item).toHaveProperty('synthetic', true);
    for (const item of (await told(careful.server)).outcomes) {
      expect(item).not.toHaveProperty('synthetic');
    }
  });

  it('travels without any unit', async () => {
    const { client } = await start();
    expect(client.run({}, () => client.outgoingHeaders(), { synthetic: true })).toEqual({
      baggage: 'downhaul-units=;synthetic',
    });
  });
});
