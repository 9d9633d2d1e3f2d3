import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canaryPlan, checkoutFlag } from '../support/documents.ts';
import { emptyReport } from '../support/report.ts';
import { apiOf, startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must } from '../support/setup.ts';
import { createTraffic, type Traffic } from '../support/traffic.ts';

const SECOND_MS = 1_000;

describe('late telemetry', { timeout: 60_000 }, () => {
  let server: TestServer;
  let traffic: Traffic;
  let timeMs: number;
  const clock = { nowMs: () => timeMs };

  beforeEach(async () => {
    timeMs = Date.UTC(2026, 10, 20);
    server = await startTestServer({ reportInterval: SECOND_MS }, { clock });
    await must(server.api('PUT', '/projects/default/plans/canary', canaryPlan()));
    await putFlag(['storefront', 'search']);
    const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
    traffic = createTraffic(apiOf(server.url, token), clock.nowMs);
  });
  afterEach(() => server.dispose());

  const putFlag = (affects: readonly string[]) =>
    must(server.api('PUT', '/projects/default/flags/new-checkout', checkoutFlag({ affects })));
  const view = async () => (await must(server.api('GET', `${FLAG}/rollout`))).body;

  /** Lets seconds with traffic go by until the condition holds. */
  const live = async (holds: (now: Awaited<ReturnType<typeof view>>) => boolean) => {
    for (let second = 0; second < 30; second++) {
      const now = await view();
      if (holds(now)) return now;
      await traffic.send(50, { control: 0.02, treatment: 0.02 });
      const { closedBatches = 0 } = (await view()).evidence ?? {};
      timeMs += SECOND_MS;
      // The first batch is only due when its grace is over.
      if (second > 3)
        await until(async () => (await view()).evidence.closedBatches > closedBatches);
    }
    throw new Error(`it did not come to that: ${JSON.stringify(await view(), null, 1)}`);
  };

  it('holds by name for an affected service that nobody reports of, until it is none', async () => {
    await must(server.api('POST', `${FLAG}/rollout/start`));
    const held = await live(({ rollout }) => rollout.cause?.code === 'telemetry_late');
    expect(held).toMatchObject({
      rollout: { status: 'held', stage: -1 },
      evidence: { late: ['search'], lateShare: 0 },
      step: { waitsFor: { code: 'telemetry_late' } },
    });
    expect(held.rollout.cause.text).toContain('No instance is left to report of search');
    await putFlag(['storefront']);
    const released = await live(({ rollout }) => rollout.stage === 0);
    expect(released.evidence.late).toEqual([]);
  });

  it('is told from a clock that is behind', async () => {
    await must(server.api('POST', `${FLAG}/rollout/start`));
    await traffic.send(1, { control: 0, treatment: 0 });
    const { api } = await issue(server, { kind: 'sdk', service: 'payments' });
    const headers = { 'downhaul-instance': 'p1' };
    const send = (sequence: number, lateMs: number) =>
      must(
        api(
          'POST',
          '/sdk/reports',
          emptyReport({ instance: 'p1', sequence, sentAtMs: timeMs - lateMs }),
          headers,
        ),
      );
    await send(1, 40 * SECOND_MS);
    await live(({ evidence }) => evidence.closedBatches > 1);
    await send(2, 60 * SECOND_MS);
    const late = await live(({ evidence }) => evidence.late.includes('payments/p1'));
    expect(late.evidence.late).toEqual(['payments/p1', 'search']);
  });

  it('takes what services tell of their traffic into the check before a start', async () => {
    await putFlag(['storefront']);
    const { api } = await issue(server, { kind: 'sdk', service: 'storefront' });
    const failing = async () => {
      const { body } = await must(server.api('POST', `${FLAG}/rollout/check`));
      return body.items
        .filter(({ ok }: { ok: boolean }) => !ok)
        .map(({ code }: { code: string }) => code);
    };
    expect(await failing()).toEqual(expect.arrayContaining(['metric_arrives', 'traffic_known']));
    const metrics = { 'http.error_rate': { count: 40_000, bad: 40 } };
    const report = emptyReport({
      sentAtMs: timeMs,
      throughMs: timeMs,
      traffic: { sinceMs: timeMs - SECOND_MS, units: 40_000, metrics },
    });
    await must(api('POST', '/sdk/reports', report, { 'downhaul-instance': 'i1' }));
    expect(await failing()).not.toContain('metric_arrives');
    expect(await failing()).not.toContain('traffic_known');
  });
});
