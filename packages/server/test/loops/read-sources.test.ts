import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakePrometheus, fakePrometheus, sendFigures } from '../support/fake-prometheus.ts';
import { canaryPlan } from '../support/documents.ts';
import { FLAG, must, putCheckout } from '../support/setup.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';

let server: TestServer | undefined;
let fake: FakePrometheus | undefined;
let timeMs = 0;

afterEach(async () => {
  await server?.dispose();
  await fake?.dispose();
});

/** A rollout guarded by two queries alone, of a Prometheus that answers as the test says. */
async function start(
  answer: (query: string, response: ServerResponse) => void,
): Promise<TestServer> {
  const running = await prepare(answer);
  await must(running.api('POST', `${FLAG}/rollout/start`));
  return running;
}

/** The same, not started yet. */
async function prepare(
  answer: (query: string, response: ServerResponse) => void,
): Promise<TestServer> {
  timeMs = Date.UTC(2026, 10, 20);
  fake = await fakePrometheus(answer);
  const options = { reportInterval: 1_000, prometheus: `main=${fake.url}` };
  server = await startTestServer(options, { clock: { nowMs: () => timeMs } });
  const metric = {
    metric: 'checkout.errors',
    kind: 'share',
    owner: 'team-checkout',
    description: 'Checkouts that failed.',
    source: {
      type: 'prometheus',
      server: 'main',
      delay: '0s',
      scrape: '100ms',
      queries: {
        bad: 'sum(increase(checkouts_total{variant="$arm",ok="no"}[$window]))',
        total: 'sum(increase(checkouts_total{variant="$arm"}[$window]))',
      },
    },
  };
  const guardrails = [{ metric: 'checkout.errors', margin: { relative: '5%', absolute: 0.001 } }];
  await must(server.api('PUT', '/projects/default/metrics/checkout.errors', metric));
  await putCheckout(server.api, canaryPlan({ guardrails }));
  return server;
}

async function rolloutOf({ api }: TestServer) {
  return (await must(api('GET', `${FLAG}/rollout`))).body;
}

/** Lets seconds go by until the condition holds; each is read before its batch closes. */
async function live(
  running: TestServer,
  holds: (view: Awaited<ReturnType<typeof rolloutOf>>) => boolean,
) {
  for (let second = 0; second < 60; second++) {
    const view = await rolloutOf(running);
    if (holds(view)) return view;
    timeMs += 1_000;
    await twoRounds(running);
  }
  throw new Error(`it did not come to that: ${JSON.stringify(await rolloutOf(running), null, 1)}`);
}

/** One may have begun before the time moved. Readings, if any are due, are over by then as a rule. */
async function twoRounds({ url }: TestServer): Promise<void> {
  const rounds = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/downhaul_tick_seconds_count (\d+)/.exec(text)?.[1]);
  };
  const before = await rounds();
  await until(async () => (await rounds()) >= before + 2);
}

/** 1,000 requests per arm and batch, of which so many are bad. */
function counts(bad: { readonly on: number; readonly off: number }) {
  return (query: string, response: ServerResponse) => {
    const arm = query.includes('variant="on"') ? 'on' : 'off';
    sendFigures(response, [query.includes('ok="no"') ? bad[arm] : 1_000]);
  };
}

describe('reading Prometheus', () => {
  it('rolls back by itself when the counts say harm', async () => {
    const running = await start(counts({ on: 100, off: 5 }));
    const view = await live(running, ({ rollout }) => rollout.status === 'rolledBack');
    expect(view.rollout.cause.code).toBe('harm');
    expect(view.rollout.cause.text).toContain('checkout.errors');
    // Only what an arm can be is asked: nobody is in treatment before the first stage.
    const asked = fake?.asked ?? [];
    const first = (arm: string) => asked.findIndex(({ query }) => query.includes(`"${arm}"`));
    expect(first('off')).toBe(0);
    expect(first('on')).toBeGreaterThan(4);
  });

  it('advances a healthy one', async () => {
    const running = await start(counts({ on: 5, off: 5 }));
    const view = await live(running, ({ rollout }) => rollout.stage === 1);
    expect(view.rollout.status).toBe('running');
    expect(view.sentences.join(' ')).toContain('Approximate, by request');
  });

  it('holds with the reason when the server answers HTML (invariants 4 and 5)', async () => {
    let broken = false;
    const healthy = counts({ on: 5, off: 5 });
    const running = await start((query, response) => {
      if (broken) response.end('<html>Please sign in</html>');
      else healthy(query, response);
    });
    await live(running, ({ rollout }) => rollout.stage === 0);
    broken = true;
    const view = await live(running, ({ rollout }) => rollout.cause?.code === 'source_failing');
    expect(view.rollout.status).toBe('held');
    expect(view.rollout.cause.text).toContain('checkout.errors from the Prometheus server main');
    expect(view.rollout.cause.text).toContain('HTML');
    expect((await running.api('POST', `${FLAG}/rollout/rollback`)).status).toBe(200);
  });

  it('holds with the warning while the data are partial, and goes on after it (invariant 5)', async () => {
    let warnings: string[] = [];
    const running = await start((query, response) => {
      const arm = query.includes('variant="on"') ? 'on' : 'off';
      // What fails is of treatment, and lies in the store that does not answer.
      const bad = arm === 'on' && warnings.length === 0 ? 400 : 5;
      sendFigures(response, [query.includes('ok="no"') ? bad : 1_000], { warnings });
    });
    warnings = ['receive series from store-2: rpc error: connection refused'];
    const view = await live(running, ({ rollout }) => rollout.cause?.code === 'source_failing');
    expect(view.rollout.cause.text).toContain('receive series from store-2');
    expect(view.evidence.sources).toMatchObject([{ state: 'failing', code: 'partial' }]);
    for (let second = 0; second < 10; second++) {
      timeMs += 1_000;
      await twoRounds(running);
    }
    expect((await rolloutOf(running)).rollout.stage).toBeLessThanOrEqual(0);
    warnings = [];
    const later = await live(running, ({ rollout }) => rollout.status === 'rolledBack');
    expect(later.rollout.cause.code).toBe('harm');
  });

  it('holds, and delays nobody, when the server does not answer at all (invariant 4)', async () => {
    let mute = false;
    const healthy = counts({ on: 5, off: 5 });
    const running = await start((query, response) => {
      if (!mute) healthy(query, response);
    });
    await live(running, ({ rollout }) => rollout.stage === 0);
    mute = true;
    const view = await live(running, ({ rollout }) => rollout.status === 'held');
    expect(['source_failing', 'source_stale']).toContain(view.rollout.cause.code);
    expect((await running.api('POST', `${FLAG}/rollout/rollback`)).status).toBe(200);
  });

  it('says before a start what the queries give', async () => {
    let healthy = true;
    const running = await prepare((query, response) => {
      if (healthy) counts({ on: 5, off: 5 })(query, response);
      else sendFigures(response, [1, 2]);
    });
    const check = async () => {
      const { body } = await must(running.api('POST', `${FLAG}/rollout/check`));
      return body.items.find(({ code }: { code: string }) => code === 'metric_arrives');
    };
    expect(await check()).toMatchObject({ ok: true });
    expect((await check()).text).toContain('5 of 1000');
    healthy = false;
    expect(await check()).toMatchObject({ ok: false });
    expect((await check()).text).toContain('2 series');
  });
});
