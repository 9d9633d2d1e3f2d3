import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrafficCounter } from '../../src/telemetry/traffic-counter.ts';
import { startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const GOOD = { bad: false, timed: true };

function fail(): never {
  throw new Error('ordered by the test');
}

/** A client of a server on which nothing is measured. */
async function start() {
  const server = await startServer(snapshotOf(1, [booleanFlag('flag')]));
  const client = startClient({ url: server.url });
  await client.ready();
  return { server, client };
}

/** What all reports say of a metric, put together. */
function told(server: FakeServer, metric: string): { count: number; bad: number } {
  const sum = { count: 0, bad: 0 };
  for (const { traffic } of server.reports) {
    sum.count += traffic?.metrics[metric]?.count ?? 0;
    sum.bad += traffic?.metrics[metric]?.bad ?? 0;
  }
  return sum;
}

function unitsTold(server: FakeServer): number {
  return server.reports.reduce((sum, { traffic }) => sum + (traffic?.units ?? 0), 0);
}

describe('the traffic of a service', () => {
  it('is told while nothing is measured, and holds no unit', async () => {
    const { server, client } = await start();
    client.run({ targetingKey: 'ada' }, () => undefined);
    client.run({ targetingKey: 'ada' }, () => client.track('checkout.completed'));
    expect(() => client.run({ targetingKey: 'bob' }, fail)).toThrow();
    await until('all is told', () => told(server, 'http.error_rate').count === 3);
    expect(told(server, 'http.error_rate')).toEqual({ count: 3, bad: 1 });
    expect(told(server, 'http.latency').count).toBe(3);
    expect(told(server, 'checkout.completed').count).toBe(1);
    expect(unitsTold(server)).toBeGreaterThanOrEqual(2);
    expect(server.outcomes).toEqual([]);
    expect(JSON.stringify(server.reports)).not.toContain('ada');
  });

  it('knows the unit of an evaluation where the scope names none', async () => {
    const { server, client } = await start();
    client.run({}, () => client.boolean('flag', false, { targetingKey: 'ada' }));
    await until('it is told', () => unitsTold(server) === 1);
  });

  it('is told from one report to the next', async () => {
    const { server } = await start();
    await until('three are there', () => server.reports.length >= 3);
    const [first, second, third] = server.reports.map(({ traffic, throughMs }) => ({
      sinceMs: traffic?.sinceMs,
      throughMs,
    }));
    expect(second?.sinceMs).toBeGreaterThanOrEqual(first?.throughMs ?? Infinity);
    expect(third?.sinceMs).toBeGreaterThanOrEqual(second?.throughMs ?? Infinity);
    for (const { throughMs, sentAtMs } of server.reports) {
      expect(throughMs).toBeLessThanOrEqual(sentAtMs);
    }
  });
});

describe('counting', () => {
  it('takes each unit once, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.boolean())), (ends) => {
        const counter = new TrafficCounter(5);
        for (const [unit, bad] of ends) counter.ended(`user-${unit}`, { bad, timed: true });
        const { sinceMs, units, metrics } = counter.drain(9);
        expect({ sinceMs, units }).toEqual({
          sinceMs: 5,
          units: new Set(ends.map(([unit]) => unit)).size,
        });
        expect(metrics['http.error_rate']?.count ?? 0).toBe(ends.length);
        expect(metrics['http.error_rate']?.bad ?? 0).toBe(ends.filter(([, bad]) => bad).length);
        expect(counter.drain(10)).toEqual({ sinceMs: 9, units: 0, metrics: {} });
      }),
    );
  });

  it('holds 20,000 units, then counts without remembering', () => {
    const counter = new TrafficCounter(0);
    for (let unit = 0; unit < 20_010; unit += 1) counter.ended(`user-${unit}`, GOOD);
    counter.ended('user-0', GOOD);
    counter.ended('user-20005', GOOD);
    expect(counter.drain(1).units).toBe(20_011);
  });

  it('remembers no endless key and no endless list of names', () => {
    const counter = new TrafficCounter(0);
    for (let name = 0; name < 300; name += 1) counter.tracked(`metric-${name}`);
    counter.tracked('metric-0');
    counter.ended('x'.repeat(10_000), GOOD);
    const { units, metrics } = counter.drain(1);
    expect(units).toBe(1);
    expect(Object.keys(metrics)).toHaveLength(103);
    expect(metrics['metric-0']).toEqual({ count: 2, bad: 0 });
  });

  it('counts work without a unit, and answers without an end as not timed', () => {
    const counter = new TrafficCounter(0);
    counter.ended('', { bad: false, timed: false });
    const counted = {
      'http.error_rate': { count: 1, bad: 0 },
      'http.denied': { count: 1, bad: 0 },
    };
    expect(counter.drain(1)).toEqual({ sinceMs: 0, units: 0, metrics: counted });
  });
});
