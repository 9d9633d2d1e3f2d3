import { unitHash } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import type { DownhaulOptions } from '../../src/index.ts';
import { startClient, startServer } from '../support/clients.ts';
import { listen } from '../support/http-host.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const ADA = unitHash(UNIT_SALT, 'ada');
const MEMBER = `downhaul-units=targetingKey.${ADA}`;

async function start(options: DownhaulOptions) {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 50)]));
  const client = startClient({ url: server.url, ...options });
  await client.ready();
  return { server, client };
}

/** A service behind that keeps the baggage it gets. */
async function behind() {
  const baggage: (string | undefined)[] = [];
  const url = await listen((request, response) => {
    const header = request.headers['baggage'];
    baggage.push(typeof header === 'string' ? header : undefined);
    response.end('fine');
  });
  return { url, baggage };
}

describe('handing units to services behind', () => {
  it('happens by itself with fetch to allowed targets, with units met on the way', async () => {
    const { url, baggage } = await behind();
    const { client } = await start({ propagateTo: [url] });
    await client.run({}, async () => {
      await Promise.resolve();
      client.boolean('flag', false, { targetingKey: 'ada' });
      await fetch(url);
    });
    expect(baggage).toEqual([MEMBER]);
  });

  it('adds to baggage that others have put in', async () => {
    const { url, baggage } = await behind();
    const { client } = await start({ propagateTo: [url] });
    await client.run({ targetingKey: 'ada' }, () => fetch(url, { headers: { baggage: 'a=1' } }));
    expect(baggage).toEqual([`a=1, ${MEMBER}`]);
  });

  it('is not done twice where the caller has done it', async () => {
    const { url, baggage } = await behind();
    const { client } = await start({ propagateTo: [url] });
    await client.run({ targetingKey: 'ada' }, () =>
      fetch(url, { headers: { ...client.outgoingHeaders() } }),
    );
    expect(baggage).toEqual([MEMBER]);
  });

  it.each<[string, DownhaulOptions]>([
    ['nothing is allowed', {}],
    ['another host is', { propagateTo: ['pricing', '*.internal', 'http://127.0.0.1:1'] }],
    ['the predicate refuses', { propagateTo: () => false }],
    [
      'the predicate throws',
      {
        propagateTo: () => {
          throw new Error('ordered by the test');
        },
      },
    ],
  ])('is not done when %s', async (_name, options) => {
    const { url, baggage } = await behind();
    const { client } = await start(options);
    await client.run({ targetingKey: 'ada' }, () => fetch(url));
    expect(baggage).toEqual([undefined]);
  });

  it('is not done outside a scope, nor after closing', async () => {
    const { url, baggage } = await behind();
    const { client } = await start({ propagateTo: () => true });
    await fetch(url);
    await client.close();
    await client.run({ targetingKey: 'ada' }, () => fetch(url));
    expect(baggage).toEqual([undefined, undefined]);
  });

  it.each([
    [true, { units: [ADA] }],
    [false, { units: [] }],
  ])(
    'is believed by the service behind with trustIncomingBaggage: %s',
    async (trust, { units }) => {
      const { server, client } = await start({ trustIncomingBaggage: trust });
      const url = await listen(
        client.http((_request, response) => {
          response.statusCode = 500;
          response.end(JSON.stringify(client.outgoingHeaders()));
        }),
      );
      const answer = await fetch(url, { headers: { baggage: `a=1,${MEMBER}` } });
      expect(await answer.json()).toEqual({ baggage: trust ? `a=1,${MEMBER}` : 'a=1' });
      client.run({ targetingKey: 'later' }, () => undefined);
      const later = unitHash(UNIT_SALT, 'later');
      await until('something is reported', () =>
        server.outcomes.some((each) => each.unit === later),
      );
      const failed = server.outcomes.filter((each) => each.metric === 'http.error_rate');
      expect(failed.map((each) => each.unit)).toEqual(units);
    },
  );
});
