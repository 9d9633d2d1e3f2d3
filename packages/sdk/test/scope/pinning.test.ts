import { describe, expect, it } from 'vitest';
import { type TestClient, startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const REQUIRING = booleanFlag('requiring', {
  serve: 'on',
  requires: [{ flag: 'flag', variant: 'on' }],
  capabilities: ['requires'],
});

function version(number: number, changes: Parameters<typeof booleanFlag>[1]) {
  return snapshotOf(number, [booleanFlag('flag', { version: number, ...changes }), REQUIRING]);
}

async function start(now?: () => number): Promise<{ server: FakeServer; client: TestClient }> {
  const server = await startServer(version(1, { serve: 'on' }));
  const client = startClient({ url: server.url, ...(now && { now }) });
  await client.ready();
  await until('the stream is open', () => server.openStreams === 1);
  return { server, client };
}

describe('a scope', () => {
  it('sees one snapshot to its end, whatever arrives meanwhile', async () => {
    const { server, client } = await start();
    const seen = await client.run({}, async () => {
      const before = client.boolean('flag', false);
      server.publish(version(2, { serve: 'off' }));
      await until('the change arrived', () => client.status().version === 2);
      return [
        before,
        client.boolean('flag', false),
        client.run({}, () => client.boolean('flag', false)),
      ];
    });
    expect(seen).toEqual([true, true, true]);
    expect(client.boolean('flag', true)).toBe(false);
    expect(client.run({}, () => client.boolean('flag', true))).toBe(false);
  });

  it('sees a flag go down at once, and what requires it', async () => {
    const { server, client } = await start();
    await client.run({}, async () => {
      expect([client.boolean('flag', false), client.boolean('requiring', false)]).toEqual([
        true,
        true,
      ]);
      server.publish(version(2, { serve: 'on', down: true }));
      await until('the change arrived', () => client.status().version === 2);
      expect([client.boolean('flag', true), client.boolean('requiring', true)]).toEqual([
        false,
        false,
      ]);
    });
  });

  it('moves to the newest snapshot when it is older than 30 s', async () => {
    let offsetMs = 0;
    const { server, client } = await start(() => Date.now() + offsetMs);
    await client.run({}, async () => {
      server.publish(version(2, { serve: 'off' }));
      await until('the change arrived', () => client.status().version === 2);
      offsetMs = 29_000;
      expect(client.boolean('flag', false)).toBe(true);
      offsetMs = 30_000;
      expect(client.boolean('flag', true)).toBe(false);
    });
  });

  it('takes the first snapshot that comes when it began without one', async () => {
    const server = await startServer(version(1, { serve: 'on' }));
    const client = startClient({ url: server.url });
    await client.run({}, async () => {
      expect(client.boolean('flag', false)).toBe(false);
      await client.ready();
      expect(client.boolean('flag', false)).toBe(true);
    });
  });

  it('lends its context to evaluations, below their own', async () => {
    const rules = [
      { name: 'staff', if: { attribute: 'team', equals: 'acme' }, serve: 'on' },
    ] as const;
    const flag = booleanFlag('flag', { rules, capabilities: ['rules'] });
    const server = await startServer(snapshotOf(1, [flag]));
    const client = startClient({ url: server.url });
    await client.ready();
    client.run({ team: 'acme' }, () => {
      expect(client.boolean('flag', false)).toBe(true);
      expect(client.boolean('flag', true, { team: 'other' })).toBe(false);
      client.run({ targetingKey: 'ada' }, () => expect(client.boolean('flag', false)).toBe(true));
    });
  });
});

describe('work run in a scope', () => {
  it('gives back what it returns, resolves, throws and rejects with', async () => {
    const { client } = await start();
    const error = new Error('ordered by the test');
    expect(client.run({}, () => 1)).toBe(1);
    await expect(client.run({}, async () => 2)).resolves.toBe(2);
    expect(() =>
      client.run({}, () => {
        throw error;
      }),
    ).toThrow(error);
    await expect(client.run({}, () => Promise.reject(error))).rejects.toBe(error);
  });
});
