import { afterEach, describe, expect, it } from 'vitest';
import { canaryPlan } from '../support/documents.ts';
import { type FollowedFlag, followFlag } from '../support/followed-flag.ts';
import {
  prometheusBinary,
  type PrometheusProcess,
  startPrometheus,
} from '../support/prometheus-process.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { FLAG, must, putCheckout } from '../support/setup.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';

const binary = prometheusBinary();
if (binary === undefined) {
  console.log('Skipped: there is no Prometheus; install it, or name it in PROMETHEUS_BIN.');
}

/** All of it has to happen by itself, on a machine that may be busy. */
const LIMIT_MS = 60_000;

let parts: { dispose(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const part of parts.reverse()) await part.dispose();
  parts = [];
});

const METRIC = {
  metric: 'checkout.errors',
  kind: 'share',
  owner: 'team-checkout',
  description: 'Checkouts that failed.',
  source: {
    type: 'prometheus',
    server: 'main',
    delay: '1s',
    scrape: '200ms',
    queries: {
      bad: 'sum(increase(checkouts_total{variant="$arm",code=~"5.."}[$window]))',
      total: 'sum(increase(checkouts_total{variant="$arm"}[$window]))',
    },
  },
};

/** A shop, the Prometheus that scrapes it, and a rollout guarded by nothing else. */
async function start(badShare: { readonly on: number; readonly off: number }, beside: object = {}) {
  // The shop asks for its flags a server that is told of the Prometheus that scrapes the shop.
  let follow: FollowedFlag | undefined;
  const variantOf = (user: string) => follow?.variantOf(user) ?? 'off';
  const shop: Shop = await startShop({ variantOf, badShare });
  parts.push({ dispose: () => shop.stop() });
  const prometheus: PrometheusProcess = await startPrometheus(binary ?? '', shop.address, beside);
  parts.push(prometheus);
  const options = { reportInterval: 1_000, prometheus: `main=${prometheus.url}` };
  const server = await startTestServer(options);
  parts.push(server);
  const guardrails = [{ metric: 'checkout.errors', margin: { relative: '5%', absolute: 0.05 } }];
  await must(server.api('PUT', '/projects/default/metrics/checkout.errors', METRIC));
  await putCheckout(server.api, canaryPlan({ guardrails }));
  const followed = (follow = await followFlag(server));
  parts.push({ dispose: () => followed.stop() });
  await must(server.api('POST', `${FLAG}/rollout/start`));
  return server;
}

interface Proof {
  readonly clocks: readonly { readonly clock: string; readonly statement: string }[];
}

function statementOf({ clocks }: Proof, clock: string): string | undefined {
  return clocks.find((each) => each.clock === clock)?.statement;
}

async function view({ api }: TestServer) {
  return (await must(api('GET', `${FLAG}/rollout`))).body;
}

describe.skipIf(binary === undefined)('a plan guarded by a real Prometheus alone', () => {
  it(
    'rolls back by itself, and proves it as far as it can be',
    async () => {
      const server = await start({ on: 0.3, off: 0.01 });
      const seen = await until(async () => {
        const body = await view(server);
        return body.rollout.status === 'rolledBack' && body;
      }, LIMIT_MS);
      expect(seen.rollout.cause.code).toBe('harm');
      expect(seen.rollout.cause.text).toContain('checkout.errors');
      expect(seen.rollout.stage).toBe(0);
      expect(seen.guardrails[0]).toMatchObject({ approximate: true, verdict: 'harmful' });
      const { proof } = await until(async () => {
        const body = await view(server);
        return body.proof?.proven === true && body;
      }, LIMIT_MS);
      expect(statementOf(proof, 'silent')).toContain('proven only as sent');
    },
    3 * LIMIT_MS,
  );

  it(
    'holds with the warning while a remote read fails (invariant 5)',
    async () => {
      const remote_read = [{ url: 'http://127.0.0.1:9/read', read_recent: true }];
      const server = await start({ on: 0.01, off: 0.01 }, { remote_read });
      const seen = await until(async () => {
        const body = await view(server);
        return body.rollout.cause?.code === 'source_failing' && body;
      }, LIMIT_MS);
      expect(seen.rollout.status).toBe('held');
      expect(seen.rollout.cause.text).toContain('may be partial, it warns: remote_read');
    },
    2 * LIMIT_MS,
  );

  it(
    'advances a healthy feature',
    async () => {
      const server = await start({ on: 0.01, off: 0.01 });
      const seen = await until(async () => {
        const body = await view(server);
        return body.rollout.stage === 1 && body;
      }, LIMIT_MS);
      expect(seen.rollout.status).not.toBe('rolledBack');
      expect(seen.sentences.join(' ')).toContain('Approximate, by request');
    },
    2 * LIMIT_MS,
  );
});
