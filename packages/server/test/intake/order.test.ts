import { applyDelta, bucketOf, type Snapshot } from '@downhaul/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canaryPlan, unguardedPlan } from '../support/documents.ts';
import { emptyReport, exposureOf } from '../support/report.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';
import { openSse, type Sse, type SseEvent } from '../support/sse.ts';

const LIMIT_MS = 60_000;

/** A client that follows the stream and acts in the moment in which it hears of a version. */
async function follow(server: TestServer, token: string, instance: string) {
  let snapshot: Snapshot | undefined;
  let heard: (snapshot: Snapshot) => void = () => undefined;
  const stream: Sse = await openSse(`${server.url}/api/v1/sdk/stream`, {
    authorization: `Bearer ${token}`,
    'downhaul-instance': instance,
  });
  let seen = 0;
  const read = (): void => {
    for (const event of stream.events.slice(seen)) take(event);
    seen = stream.events.length;
  };
  const polling = setInterval(read, 0);
  await stream.first(({ event }) => event === 'snapshot');
  read();
  return {
    snapshot: () => snapshot,
    onVersion: (listener: (snapshot: Snapshot) => void) => (heard = listener),
    close: () => {
      clearInterval(polling);
      stream.close();
    },
  };

  function take({ event, data }: SseEvent): void {
    if (event !== 'snapshot' && event !== 'delta') return;
    const applied = event === 'delta' && snapshot ? applyDelta(snapshot, data) : undefined;
    snapshot = event === 'snapshot' ? data : applied?.ok ? applied.snapshot : snapshot;
    if (snapshot) heard(snapshot);
  }
}

describe('what is reported in the moment in which a version is published', () => {
  let server: TestServer;
  const cleanUps: (() => void)[] = [];
  beforeEach(async () => {
    server = await startTestServer({ reportInterval: 1_000 });
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
    await server.dispose();
  });

  const view = async () => (await must(server.api('GET', `${FLAG}/rollout`))).body;
  const advance = () => must(server.api('POST', `${FLAG}/rollout/advance`));

  it(
    'counts, all of it and in its stage, however often the rollout moves',
    async () => {
      const stages = [10, 20, 40, 60].map((share) => ({ share: `${share}%`, bake: '1h' }));
      await putCheckout(server.api, unguardedPlan({ stages }));
      const { token, api } = await issue(server, { kind: 'sdk', service: 'storefront' });
      const driver = new Map<string, Set<string>>();
      const answers: Promise<{ readonly status: number; readonly body: unknown }>[] = [];
      const instances = ['i1', 'i2', 'i3'];
      const clients = await Promise.all(instances.map((each) => follow(server, token, each)));
      clients.forEach(({ close, onVersion }, index) => {
        cleanUps.push(close);
        let sequence = 0;
        onVersion((snapshot) => {
          const rollout = snapshot.flags['new-checkout']?.rollout;
          if (rollout === undefined || rollout.stage < 0) return;
          const share = rollout.allocations[0]?.sharePerMillion ?? 0;
          const exposures = Array.from({ length: 40 }, (_, unit) => {
            const name = `${rollout.id} ${index} ${unit}`;
            const arm = bucketOf(rollout.salt, name) < share ? 'treatment' : 'control';
            const key = `${rollout.id} ${rollout.stage} ${arm}`;
            driver.set(key, (driver.get(key) ?? new Set()).add(name));
            return exposureOf(snapshot, name, { arm });
          });
          const instance = instances[index] ?? '';
          const head = { instance, sequence: (sequence += 1), version: snapshot.version };
          const headers = { 'downhaul-instance': instance };
          const report = emptyReport({ ...head, exposures });
          answers.push(api('POST', '/sdk/reports', report, headers));
        });
      });
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        await must(server.api('POST', `${FLAG}/rollout/start`));
        const { id } = (await view()).rollout;
        for (let stage = 1; stage < stages.length; stage += 1) {
          await until(() => driver.has(`${id} ${stage - 1} control`));
          await advance();
        }
        await until(() => driver.has(`${id} 3 control`));
        for (const answer of await Promise.all(answers.splice(0))) {
          expect(answer).toMatchObject({ status: 202, body: { accepted: 40, droppedItems: {} } });
        }
        const { exposed, dropped } = (await view()).evidence;
        for (const { stage, treatment, control } of exposed) {
          const units = (arm: string) => driver.get(`${id} ${stage} ${arm}`)?.size ?? 0;
          expect({ stage, treatment, control }).toEqual({
            stage,
            treatment: units('treatment'),
            control: units('control'),
          });
        }
        expect(exposed).toHaveLength(4);
        expect(dropped).toMatchObject({ impossibleArm: 0 });
        await must(server.api('POST', `${FLAG}/rollout/rollback`));
      }
      for (const { onVersion } of clients) onVersion(() => undefined);
      await Promise.all(answers);
    },
    LIMIT_MS,
  );

  it(
    'by OTLP is booked to the stage that is published',
    async () => {
      const source = { type: 'otlp', of: 'errors' };
      const about = { metric: 'checkout.errors', kind: 'share', owner: 'team', description: 'x' };
      await must(
        server.api('PUT', '/projects/default/metrics/checkout.errors', { ...about, source }),
      );
      const guardrails = [{ metric: 'checkout.errors', margin: { relative: '5%' } }];
      const stages = [
        { share: '50%', bake: '1h' },
        { share: '100%', bake: '1h' },
      ];
      await putCheckout(server.api, canaryPlan({ guardrails, stages, baseline: '1h' }));
      const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
      const client = await follow(server, token, 'i1');
      cleanUps.push(client.close);
      const sent = new Map<string, Promise<number>>();
      client.onVersion((snapshot) => {
        const { id = '', stage } = snapshot.flags['new-checkout']?.rollout ?? {};
        if (stage === 0 && !sent.has(id)) sent.set(id, exportSpans(server, token, sent.size + 1));
      });
      for (let attempt = 1; attempt <= 8; attempt += 1) {
        await must(server.api('POST', `${FLAG}/rollout/start`));
        // Opens the connection, so that the next export is there at once.
        await exportSpans(server, token, 100 + attempt);
        await advance();
        await until(() => sent.size === attempt);
        expect(await [...sent.values()].at(-1)).toBe(200);
        if (attempt < 8) await must(server.api('POST', `${FLAG}/rollout/rollback`));
      }
      // What came before a stage is of the baseline, which has no treatment; nothing else is dropped. Each counts as an
      // evaluation and as a request.
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      const impossible = /otlp_items_dropped_total\{cause="arm_impossible"\} (\d+)/.exec(metrics);
      expect(Number(impossible?.[1])).toBe(8 * 2 * 20);
      const { requests } = await until(async () => {
        const [metric] = (await view()).evidence.sources;
        return metric.requests.treatment > 0 && metric;
      }, LIMIT_MS);
      expect(requests).toEqual({ treatment: 20, control: 20 });
    },
    2 * LIMIT_MS,
  );
});

/** Forty requests, every second of them served treatment; the status of the answer. */
async function exportSpans({ url }: TestServer, token: string, round: number): Promise<number> {
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const atMs = Date.now();
  const spans = Array.from({ length: 40 }, (_, index) => ({
    traceId: (1_000 * (round + 1) + index).toString(16).padStart(32, '0'),
    spanId: (1_000 * (round + 1) + index).toString(16).padStart(16, '0'),
    kind: 2,
    startTimeUnixNano: `${atMs}000000`,
    endTimeUnixNano: `${atMs}000000`,
    attributes: [
      text('feature_flag.key', 'new-checkout'),
      text('feature_flag.result.variant', index % 2 === 0 ? 'on' : 'off'),
    ],
  }));
  const attributes = [text('service.name', 'storefront'), text('service.instance.id', 'pod')];
  const body = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] };
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return response.status;
}
