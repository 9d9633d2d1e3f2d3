import { unitHash } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import { type TestClient, startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const ADA = unitHash(UNIT_SALT, 'ada');
const ACME = unitHash(UNIT_SALT, 'acme');

async function start(...flags: Parameters<typeof snapshotOf>[1]) {
  const server: FakeServer = await startServer(snapshotOf(1, flags));
  const client: TestClient = startClient({ url: server.url });
  await client.ready();
  return { server, client };
}

function fail(): never {
  throw new Error('ordered by the test');
}

const ERRORS_ONLY = { metrics: ['http.error_rate'] };

describe('the outcome of a scope', () => {
  it('is bad when its work throws or rejects, and nothing is said of good work', async () => {
    const { server, client } = await start(rolloutFlag('flag', 50, ERRORS_ONLY));
    client.run({ targetingKey: 'good' }, () => undefined);
    expect(() => client.run({ targetingKey: 'ada' }, fail)).toThrow();
    await expect(client.run({ targetingKey: 'acme' }, async () => fail())).rejects.toThrow();
    await until('both are reported', () => server.outcomes.length === 2);
    expect(server.outcomes).toMatchObject([
      { unit: ADA, metric: 'http.error_rate', value: 1 },
      { unit: ACME, metric: 'http.error_rate', value: 1 },
    ]);
  });

  it('is of every unit that was put into an arm in it, and of no other', async () => {
    const { server, client } = await start(rolloutFlag('flag', 50, ERRORS_ONLY));
    const work = () => {
      client.boolean('flag', false, { targetingKey: 'ada' });
      client.boolean('flag', false, { targetingKey: 'acme' });
      client.boolean('no-such-flag', false, { targetingKey: 'eve' });
      fail();
    };
    expect(() => client.run({}, work)).toThrow();
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toMatchObject([{ unit: ADA }, { unit: ACME }]);
  });

  it('is of every unit that measured rollouts are about', async () => {
    const { server, client } = await start(
      rolloutFlag('by-user', 50, ERRORS_ONLY),
      rolloutFlag('by-tenant', 50, { ...ERRORS_ONLY, unit: 'tenant' }),
    );
    expect(() => client.run({ targetingKey: 'ada', tenant: 'acme' }, fail)).toThrow();
    await until('they are reported', () => server.outcomes.length > 1);
    expect(server.outcomes.map((each) => each.unit).sort()).toEqual([ADA, ACME].sort());
  });

  it('is not reported without a unit', async () => {
    const { server, client } = await start(rolloutFlag('flag', 50));
    expect(() => client.run({}, fail)).toThrow();
    expect(() => client.run({ targetingKey: 'ada' }, fail)).toThrow();
    await until('the other one is reported', () => server.outcomes.length > 0);
    expect(new Set(server.outcomes.map((each) => each.unit))).toEqual(new Set([ADA]));
  });

  it('carries tracked metrics that a measured rollout names', async () => {
    const { server, client } = await start(
      rolloutFlag('flag', 50, { metrics: ['checkout.completed'] }),
    );
    client.run({ targetingKey: 'ada' }, () => {
      client.track('checkout.completed', { value: 12.5 });
      client.track('checkout.completed');
      client.track('of.no.interest');
      client.track('checkout.completed', { context: { targetingKey: 'acme' } });
    });
    client.track('checkout.completed');
    await until('they are reported', () => server.outcomes.length > 1);
    expect(server.outcomes).toMatchObject([
      {
        unit: ADA,
        metric: 'checkout.completed',
        value: 2,
        values: { sum: 13.5, largest: 12.5 },
      },
      { unit: ACME, metric: 'checkout.completed', value: 1 },
    ]);
    expect(server.outcomes[1]).not.toHaveProperty('values');
  });

  it('leaves out a value that is no number, and says that it is lost', async () => {
    const { server, client } = await start(
      rolloutFlag('flag', 50, { metrics: ['checkout.completed'] }),
    );
    client.run({ targetingKey: 'ada' }, () => {
      client.track('checkout.completed', { value: Number.NaN });
      client.track('checkout.completed', { value: 7 });
    });
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toMatchObject([{ value: 1, values: { sum: 7, largest: 7, last: 7 } }]);
    expect(client.status().dropped.outcomes).toBe(1);
  });

  it('is of a very long unit by its hash, as any other', async () => {
    const { server, client } = await start(rolloutFlag('flag', 50, ERRORS_ONLY));
    const targetingKey = 'x'.repeat(10_000);
    expect(() => client.run({ targetingKey }, fail)).toThrow();
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toMatchObject([{ unit: unitHash(UNIT_SALT, targetingKey) }]);
  });

  it('survives contexts whose members throw', async () => {
    const { server, client } = await start(rolloutFlag('flag', 50));
    const hostile = {
      get targetingKey(): string {
        return fail();
      },
    };
    expect(client.boolean('flag', true, hostile)).toBe(true);
    expect(client.run(hostile, () => client.boolean('flag', true))).toBe(true);
    expect(client.outgoingHeaders()).toEqual({});
    client.track('http.latency', { context: hostile });
    await until('two reports are there', () => server.reports.length > 1);
    expect(server.outcomes).toEqual([]);
  });
});
