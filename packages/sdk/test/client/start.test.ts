import { describe, expect, it } from 'vitest';
import { startClient, startServer } from '../support/clients.ts';
import { booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

describe('a client of a healthy server', () => {
  it('serves the first snapshot once it is ready, and follows changes', async () => {
    const server = await startServer(snapshotOf(1, [booleanFlag('a', { serve: 'on' })]));
    const client = startClient({ url: server.url });
    await client.ready();
    expect(client.boolean('a', false)).toBe(true);
    expect(client.status()).toMatchObject({ state: 'ready', version: 1, source: 'stream' });
    expect(client.events).toEqual([
      { type: 'state', state: 'ready' },
      { type: 'configuration', version: 1, source: 'stream', flagsChanged: ['a'] },
    ]);
    server.publish(snapshotOf(2, [booleanFlag('a', { version: 2 })]));
    await until('the change is served', () => client.boolean('a', true) === false);
    await until('it is acknowledged', () => server.acknowledgements.at(-1)?.version === 2);
    expect(server.acknowledgements.map((each) => each.version)).toEqual([1, 2]);
  });

  it('reports exposures, outcomes and activity of a measured rollout', async () => {
    const server = await startServer(snapshotOf(3, [rolloutFlag('a', 100)]));
    const client = startClient({ url: server.url });
    await client.ready();
    client.run({ targetingKey: 'ada' }, () => {
      expect(client.boolean('a', false)).toBe(true);
      expect(client.boolean('a', false)).toBe(true);
    });
    await until('an exposure is reported', () => server.exposures.length > 0);
    expect(server.exposures).toEqual([
      expect.objectContaining({ flag: 'a', stage: 0, arm: 'treatment', served: true, version: 3 }),
    ]);
    expect(server.activity).toEqual([expect.objectContaining({ flag: 'a', count: 2, version: 3 })]);
    expect(server.outcomes).toEqual([
      expect.objectContaining({ metric: 'http.latency', unit: server.exposures[0]?.unit }),
    ]);
  });

  it('gives every caller its own copy of an object', async () => {
    const object = {
      type: 'object',
      variants: { on: { list: [1] }, off: null },
      serve: 'on',
    } as const;
    const server = await startServer(
      snapshotOf(1, [booleanFlag('a', object), booleanFlag('b', { ...object, serve: 'off' })]),
    );
    const client = startClient({ url: server.url });
    await client.ready();
    client.object('a', { list: [0] }).list.push(2);
    client.details('a', { list: [0] }).value.list.push(3);
    expect(client.object('a', {})).toEqual({ list: [1] });
    expect(client.object('b', { list: [0] })).toBeNull();
  });

  it('says goodbye with the number of its last report', async () => {
    const server = await startServer(snapshotOf(1, []));
    const client = startClient({ url: server.url });
    await client.ready();
    await until('something is reported', () => server.reports.length > 1);
    await client.close();
    const lastSequence = Math.max(...server.reports.map((report) => report.sequence));
    expect(server.goodbyes).toEqual([{ instance: client.status().instance, lastSequence }]);
    expect(server.reports.map((report) => report.sequence)).toEqual(
      Array.from({ length: lastSequence }, (_, index) => index + 1),
    );
  });
});
