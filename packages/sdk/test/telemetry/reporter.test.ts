import { describe, expect, it } from 'vitest';
import type { TelemetryReport } from '@downhaul/engine';
import { createDiagnostics } from '../../src/client/diagnostics.ts';
import { TelemetryCollector } from '../../src/telemetry/collector.ts';
import { Reporter } from '../../src/telemetry/reporter.ts';
import { createClock } from '../../src/timing/clock.ts';
import { Transport } from '../../src/transport/transport.ts';
import { afterTest } from '../support/clients.ts';
import { readJson } from '../support/fake-server.ts';
import { listen } from '../support/http-host.ts';
import { until } from '../support/until.ts';

const clock = createClock(undefined);

/** A reporter of its own, and a server that answers as told. */
async function start(status: { current: number }) {
  const arrived: TelemetryReport[] = [];
  const url = await listen((request, response) => {
    void readJson(request).then((body) => {
      if (status.current === 202) arrived.push(body as TelemetryReport);
      response.writeHead(status.current).end();
    });
  });
  const transport = new Transport({
    url: new URL(url),
    token: 'token',
    instance: 'one',
    project: undefined,
    environment: undefined,
  });
  const collector = new TelemetryCollector(clock, () => undefined);
  const reporter = new Reporter({
    transport,
    collector,
    diagnostics: createDiagnostics({ clock, logger: undefined, onEvent: undefined }),
    clock,
    random: () => 0,
    instance: 'one',
    reportTimeoutMs: 1_000,
    version: () => 1,
    onAnswered: () => undefined,
  });
  afterTest(() => reporter.close());
  return { arrived, collector, reporter };
}

describe('the reporter', () => {
  it('keeps six reports that were not answered, and merges what comes after', async () => {
    const status = { current: 503 };
    const { arrived, collector, reporter } = await start(status);
    for (let index = 1; index <= 20; index++) {
      const of = { unit: `unit-${index}`, salt: undefined };
      const outcome = { of, metric: 'checkout.completed', value: 1 };
      collector.outcome({ ...outcome, atMs: index });
      reporter.report();
    }
    expect(reporter.lastSequence).toBe(6);
    status.current = 202;
    await until('the backlog arrived', () => arrived.length === 6);
    reporter.report();
    await until('the rest arrived', () => arrived.length === 7);
    expect(arrived.map((report) => report.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(arrived.map((report) => report.outcomes.length)).toEqual([1, 1, 1, 1, 1, 1, 14]);
  });

  it('says how far a report goes, however long it had to wait', async () => {
    const status = { current: 503 };
    const { arrived, reporter } = await start(status);
    reporter.report();
    const sealedBy = clock.nowMs();
    await until('time has passed', () => clock.nowMs() > sealedBy + 20);
    status.current = 202;
    await until('it arrived', () => arrived.length === 1);
    expect(arrived[0]?.throughMs).toBeLessThanOrEqual(sealedBy);
    expect(arrived[0]?.sentAtMs).toBeGreaterThan(sealedBy + 20);
  });

  it('says so of the last part only where a report was too long for one', async () => {
    const { arrived, collector, reporter } = await start({ current: 202 });
    for (let unit = 0; unit < 7_000; unit++) {
      const of = { unit: String(unit).padStart(16, '0'), salt: undefined };
      collector.outcome({ of, metric: 'a-metric-with-a-long-name'.repeat(4), value: 1, atMs: 1 });
    }
    reporter.report();
    await until('all parts arrived', () => arrived.length === 2);
    const [first, second] = arrived.map(({ throughMs }) => throughMs);
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0);
    expect(arrived.map(({ traffic }) => traffic !== undefined)).toEqual([true, false]);
  });

  it('delivers what is left when it is closed', async () => {
    const { arrived, collector, reporter } = await start({ current: 202 });
    const of = { unit: 'unit', salt: undefined };
    collector.outcome({ of, metric: 'checkout.completed', value: 1, atMs: 1 });
    await reporter.close();
    expect(arrived).toMatchObject([{ sequence: 1, outcomes: [{ unit: 'unit' }] }]);
    reporter.report();
    expect(reporter.lastSequence).toBe(1);
  });
});
