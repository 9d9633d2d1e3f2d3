import {
  acceptReport,
  deserializeTelemetry,
  type SerializedTelemetry,
  serializeTelemetry,
} from '@downhaul/control';
import type { Traffic } from '@downhaul/engine';
import { describe, expect, test } from 'vitest';
import { recentTraffic } from '../../src/evidence/recent-traffic.ts';
import { Intake, report, SCOPE, START_MS } from '../support/intake.ts';

const MINUTE_MS = 60_000;
const NOTHING = { count: 0, bad: 0 };

function traffic(units: number, metrics: Traffic['metrics'] = {}, sinceMs = START_MS): Traffic {
  return { sinceMs, units, metrics };
}

function seen(intake: Intake) {
  const environment = intake.state.environments.get('default/production');
  return recentTraffic(environment, intake.nowMs);
}

describe('the traffic of an environment', () => {
  test('is summed by service over its instances, and counted since the first unit', () => {
    const intake = new Intake();
    intake.nowMs += 30_000;
    const idle = traffic(0);
    for (const instance of ['store-1', 'store-2']) intake.report({ instance, traffic: idle });
    const sinceMs = intake.nowMs;
    intake.nowMs += 4_000;
    const errors = { 'http.error_rate': { count: 20, bad: 1 } };
    for (const instance of ['store-1', 'store-2']) {
      intake.report({ instance, traffic: traffic(12, errors, sinceMs) });
    }
    intake.report({ instance: 'pay-1', traffic: traffic(0, errors) }, 'payments');
    const [storefront, payments] = seen(intake);
    expect(storefront).toMatchObject({ service: 'storefront', units: 24, unitsPerSecond: 6 });
    expect(storefront?.metrics.get('http.error_rate')).toEqual({ count: 40, bad: 2 });
    expect(payments).toMatchObject({ service: 'payments', units: 0, unitsPerSecond: 0 });
  });

  test('counts a repeated report once (invariant 7)', () => {
    const intake = new Intake();
    for (let time = 0; time < 3; time++) intake.report({ sequence: 1, traffic: traffic(12) });
    expect(seen(intake)[0]?.units).toBe(12);
  });

  test('is forgotten after five minutes, however late it is told of', () => {
    const intake = new Intake();
    intake.report({ traffic: traffic(12) });
    intake.nowMs += 4 * MINUTE_MS;
    expect(seen(intake)[0]?.units).toBe(12);
    intake.nowMs += 2 * MINUTE_MS;
    expect(seen(intake)).toEqual([]);
    const sinceMs = intake.nowMs - 1_000;
    intake.report({ traffic: traffic(3, {}, sinceMs) });
    intake.report({ traffic: traffic(100), throughMs: START_MS });
    expect(seen(intake)).toMatchObject([{ units: 3, unitsPerSecond: 3 }]);
  });

  test('takes a bounded place, whatever is told', () => {
    const intake = new Intake();
    for (let at = 0; at < 100; at++) {
      intake.nowMs += 10_000;
      const metrics = Array.from({ length: 50 }, (_, index) => [
        `m-${at % 10}-${index}`,
        { count: 1, bad: 0 },
      ]);
      intake.report({ traffic: traffic(1, Object.fromEntries(metrics)) });
      intake.report({ traffic: traffic(1, { [`own-${at}`]: { count: 1, bad: 0 } }) });
    }
    const slots = intake.state.environments.get('default/production')?.traffic.get('storefront');
    expect(slots).toHaveLength(30);
    for (const { metrics } of slots ?? []) expect(metrics.length).toBeLessThanOrEqual(200);
  });

  test('survives a checkpoint', () => {
    const intake = new Intake();
    intake.report({ traffic: traffic(12, { paid: { count: 3, bad: 0 } }) });
    const text = JSON.stringify(serializeTelemetry(intake.state));
    const state = deserializeTelemetry(JSON.parse(text) as SerializedTelemetry);
    expect(recentTraffic(state?.environments.get('default/production'), intake.nowMs)).toEqual(
      seen(intake),
    );
  });
});

describe('a report of traffic', () => {
  function accept(sent: unknown) {
    return acceptReport(new Intake().state, { scope: SCOPE, report: sent, receivedAtMs: START_MS });
  }

  test('is taken, and moves with the clock of its report', () => {
    const sent = report({
      sentAtMs: START_MS - 60_000,
      throughMs: START_MS - 61_000,
      traffic: traffic(3, { 'http.error_rate': { count: 4, bad: 1 } }, START_MS - 70_000),
    });
    expect(accept(sent)).toMatchObject({
      ok: true,
      report: { throughMs: START_MS - 1_000, traffic: { sinceMs: START_MS - 10_000, units: 3 } },
    });
  });

  test.each([
    ['none', null, '/traffic'],
    ['half a unit', traffic(0.5), '/traffic/units'],
    ['no metrics', { sinceMs: 1, units: 1 }, '/traffic/metrics'],
    ['a count below zero', traffic(1, { a: { count: -1, bad: 0 } }), '/traffic/metrics/a/count'],
    ['a name with a slash', { ...traffic(1), metrics: { 'a/b': 7 } }, '/traffic/metrics/a~1b'],
    ['a metric without a name', traffic(1, { '': { count: 1, bad: 0 } }), '/traffic/metrics'],
    [
      'too many names',
      traffic(1, Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`m${at}`, NOTHING]))),
      '/traffic/metrics',
    ],
  ])('is refused where it is %s', (_, wrong, path) => {
    expect(accept({ ...report(), traffic: wrong })).toMatchObject({ ok: false, path });
  });
});
