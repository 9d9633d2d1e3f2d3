import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '@downhaul/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../src/bootstrap.ts';
import { readOptions } from '../../src/config/read-options.ts';
import { addRoutes, createApp } from '../../src/http/app.ts';
import { randomIds } from '../../src/ids/ids.ts';
import { openParts } from '../../src/parts.ts';
import type { LogStore } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { emptyReport, exposureOf } from '../support/report.ts';
import { canaryPlan } from '../support/documents.ts';
import { type Api, apiOf, until } from '../support/server.ts';
import { FLAG, must, putCheckout } from '../support/setup.ts';

const LIMIT_MS = 30_000;
const PLACE = '/projects/default/environments/production';
const headers = { 'downhaul-instance': 'i1' };

/** A server whose store takes commands and, while `isFailing`, no telemetry. */
async function open(directory: string, clockMs: () => number) {
  const fault = { isFailing: false };
  const clock = { nowMs: clockMs };
  const real = openSqliteStore(join(directory, 'downhaul.db'), clock);
  const store: LogStore = {
    ...real,
    appendIntake: async (drafts, copiedThrough) => {
      if (fault.isFailing) throw new Error('the disk is full');
      return real.appendIntake(drafts, copiedThrough);
    },
  };
  const app = createApp({ logLevel: 'silent', ids: randomIds });
  const options = { ...readOptions({}), dataDirectory: directory };
  return {
    fault,
    start: async () => {
      const logger = app.log;
      const context = await openParts({ options, store, clock, ids: randomIds, logger });
      const { adminToken } = await bootstrap(context);
      await addRoutes(app, context);
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      return { context, url, adminToken };
    },
    /** As `kill -9` leaves it: nothing more is written. */
    kill: async () => {
      fault.isFailing = true;
      await app.close();
      await real.close();
    },
  };
}

describe('while telemetry cannot be stored', () => {
  let directory: string;
  let server: Awaited<ReturnType<typeof open>>;
  let started: Awaited<ReturnType<typeof server.start>>;
  let admin: string;
  let api: Api;
  let sdkToken: string;
  const tokenOf = async () =>
    (await must(api('POST', '/tokens', { name: 'sdk', kind: 'sdk', service: 'storefront' }))).body
      .token as string;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'downhaul-failing-'));
    server = await open(directory, Date.now);
    started = await server.start();
    admin = started.adminToken ?? '';
    api = apiOf(started.url, admin);
    await putCheckout(api);
    sdkToken = await tokenOf();
  });
  afterEach(async () => {
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  const sdk = (): Api => apiOf(started.url, sdkToken);
  const snapshot = async (): Promise<Snapshot> =>
    (await must(sdk()('GET', '/sdk/snapshot', undefined, headers))).body;
  const report = async (sequence = 1) => {
    const exposures = [exposureOf(await snapshot(), 'u1')];
    return sdk()('POST', '/sdk/reports', emptyReport({ sequence, exposures }), headers);
  };

  it(
    'reports and advances are put off, and the way down is taken (invariant 4)',
    async () => {
      server.fault.isFailing = true;
      await must(api('POST', `${FLAG}/rollout/start`));
      const put = await report();
      expect(put).toMatchObject({ status: 503, body: { code: 'telemetry_later' } });
      expect(Number(put.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await api('POST', `${FLAG}/rollout/advance`)).toMatchObject({
        status: 503,
        body: { code: 'telemetry_later' },
      });
      await must(api('GET', `${FLAG}/rollout`));
      await must(api('POST', `${FLAG}/rollout/rollback`));
      const { body: proof } = await must(api('GET', `${FLAG}/proof`));
      expect(proof.proven).toBe(false);
      expect(proof.clocks[0].missing).toMatchObject([{ name: 'telemetry' }]);
      await must(api('POST', `${FLAG}/rollout/start`));
      server.fault.isFailing = false;
      const again = await until(async () => {
        const answer = await report();
        return answer.status === 202 && answer;
      }, LIMIT_MS);
      expect(again.body).toMatchObject({ accepted: 1, droppedItems: {} });
    },
    LIMIT_MS,
  );

  it(
    'an export that could not be stored is repeated, and counts once',
    async () => {
      const source = { type: 'otlp', of: 'errors' };
      const about = { metric: 'checkout.errors', kind: 'share', owner: 'team', description: 'x' };
      await must(api('PUT', '/projects/default/metrics/checkout.errors', { ...about, source }));
      const guardrails = [{ metric: 'checkout.errors', margin: { relative: '5%' } }];
      await must(api('PUT', '/projects/default/plans/canary', canaryPlan({ guardrails })));
      await must(api('POST', `${FLAG}/rollout/start`));
      await started.context.intake.flush();
      server.fault.isFailing = true;
      const atMs = Date.now();
      const first = await exportSpan(started.url, sdkToken, atMs);
      expect(first.status).toBe(503);
      expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
      server.fault.isFailing = false;
      await until(
        async () => (await exportSpan(started.url, sdkToken, atMs)).status === 200,
        LIMIT_MS,
      );
      const { rollouts } = started.context.intake.state;
      const [metric] = rollouts.get('default/production/new-checkout#1')?.counted.metrics ?? [];
      expect(metric?.open).toMatchObject([{ arm: 'control', exposure: 1, events: 0 }]);
    },
    LIMIT_MS,
  );

  it(
    'what was committed is copied after a restart, also while the store still fails at the start',
    async () => {
      await must(sdk()('GET', '/sdk/snapshot', undefined, { 'downhaul-instance': 'gone' }));
      await until(async () => {
        const { body } = await must(api('GET', `${PLACE}/instances`));
        return body.instances.length === 1;
      });
      server.fault.isFailing = true;
      await must(api('POST', `${FLAG}/rollout/start`));
      await must(api('POST', `${PLACE}/instances/gone/retire`));
      await server.kill();
      server = await open(directory, Date.now);
      server.fault.isFailing = true;
      started = await server.start();
      api = apiOf(started.url, admin);
      await must(api('POST', `${FLAG}/rollout/rollback`));
      await must(api('POST', `${FLAG}/rollout/start`));
      expect((await report()).body.code).toBe('telemetry_later');
      server.fault.isFailing = false;
      const { state } = started.context.intake;
      await until(() => started.context.intake.queued === 0, LIMIT_MS);
      expect([...state.rollouts.keys()]).toEqual([
        'default/production/new-checkout#1',
        'default/production/new-checkout#2',
      ]);
      const { body } = await must(api('GET', `${PLACE}/instances`));
      expect(body.instances[0]).toMatchObject({ id: 'gone', left: { why: 'operator' } });
    },
    LIMIT_MS,
  );
});

/** The same request each time. */
function exportSpan(url: string, token: string, atMs: number): Promise<Response> {
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    kind: 2,
    startTimeUnixNano: `${atMs}000000`,
    endTimeUnixNano: `${atMs}000000`,
    attributes: [
      text('feature_flag.key', 'new-checkout'),
      text('feature_flag.result.variant', 'off'),
    ],
  };
  const attributes = [text('service.name', 'storefront'), text('service.instance.id', 'pod')];
  const body = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] };
  return fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
}
