import { afterEach, describe, expect, it } from 'vitest';
import { canaryPlan } from '../support/documents.ts';
import { type FollowedFlag, followFlag } from '../support/followed-flag.ts';
import { type OtelService, startOtelService } from '../support/otel-service.ts';
import { FLAG, must, putCheckout } from '../support/setup.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';

/** All of it has to happen by itself, on a machine that may be busy. */
const LIMIT_MS = 60_000;

let parts: { dispose(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const part of parts.reverse()) await part.dispose();
  parts = [];
});

interface Given {
  readonly metric: 'checkout.errors' | 'http.error_rate';
  readonly by: 'spanEvents' | 'logEvents';
  readonly badShare: { readonly on: number; readonly off: number };
  /** By how much the clock of the service is ahead of the server's. */
  readonly aheadMs?: number;
}

/** A service that tells everything by OTLP, its customers, and a rollout guarded by nothing else. */
async function start({ metric, by, badShare, aheadMs = 0 }: Given): Promise<TestServer> {
  const clock = { nowMs: () => Date.now() - aheadMs };
  const server = await startTestServer({ reportInterval: 1_000 }, { clock });
  parts.push(server);
  const document = {
    metric: 'checkout.errors',
    kind: 'share',
    owner: 'team-checkout',
    description: 'Requests that failed.',
    source: { type: 'otlp', of: 'errors' },
  };
  const guardrails = [{ metric, margin: { relative: '5%', absolute: 0.05 } }];
  await must(server.api('PUT', '/projects/default/metrics/checkout.errors', document));
  await putCheckout(server.api, canaryPlan({ guardrails }));
  const flag: FollowedFlag = await followFlag(server);
  parts.push({ dispose: () => flag.stop() });
  await must(server.api('POST', `${FLAG}/rollout/start`));
  let served = 0;
  const service: OtelService = await startOtelService({
    url: server.url,
    token: flag.token,
    by,
    namesUsers: metric === 'http.error_rate',
    variantOf: flag.variantOf,
    isBad: (_, on) => (served += 1) % 100 < badShare[on ? 'on' : 'off'] * 100,
  });
  parts.push({ dispose: () => service.shutdown() }, customersOf(service));
  return server;
}

/** New ones all the time, some five hundred per second. */
function customersOf(service: OtelService) {
  let stopped = false;
  const shopping = (async () => {
    for (let user = 0; !stopped; user += 5) {
      for (let next = 0; next < 5; next++) await service.handle(`user-${user + next}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    dispose: async () => {
      stopped = true;
      await shopping;
    },
  };
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

async function rolledBack(server: TestServer) {
  return until(async () => {
    const body = await view(server);
    return body.rollout.status === 'rolledBack' && body;
  }, LIMIT_MS);
}

describe('a plan guarded by OTLP alone', () => {
  it(
    'rolls back by itself, by request, and says what can be proven',
    async () => {
      const badShare = { on: 0.3, off: 0.01 };
      const server = await start({ metric: 'checkout.errors', by: 'spanEvents', badShare });
      const seen = await rolledBack(server);
      expect(seen.rollout.cause.code).toBe('harm');
      expect(seen.guardrails[0]).toMatchObject({ approximate: true, verdict: 'harmful' });
      expect(seen.sentences.join(' ')).toContain('Distinct users are not known');
      const { proof } = await until(async () => {
        const body = await view(server);
        return body.proof?.proven === true && body;
      }, LIMIT_MS);
      expect(statementOf(proof, 'reached')).toContain('otlp:storefront/pod-1');
    },
    3 * LIMIT_MS,
  );

  it(
    'rolls back by distinct users where evaluations name them',
    async () => {
      const badShare = { on: 0.3, off: 0.01 };
      const server = await start({ metric: 'http.error_rate', by: 'logEvents', badShare });
      const seen = await rolledBack(server);
      expect(seen.rollout.cause.code).toBe('harm');
      expect(seen.evidence.byRequest).toBe(false);
      // Of the stage that did harm: the recovery after it may not have seen anybody yet.
      const exposed: readonly { stage: number; treatment: number }[] = seen.evidence.exposed;
      expect(exposed.find(({ stage }) => stage === 0)?.treatment).toBeGreaterThan(0);
    },
    2 * LIMIT_MS,
  );

  it.each([
    ['by request', 'checkout.errors', 'logEvents'],
    ['by user', 'http.error_rate', 'spanEvents'],
  ] as const)(
    'advances a healthy feature %s',
    async (_, metric, by) => {
      const server = await start({ metric, by, badShare: { on: 0.01, off: 0.01 } });
      const seen = await until(async () => {
        const body = await view(server);
        return body.rollout.stage === 1 && body;
      }, LIMIT_MS);
      expect(seen.rollout.status).not.toBe('rolledBack');
    },
    2 * LIMIT_MS,
  );
});

describe('a service whose clock differs from the server’s (invariant 5)', () => {
  const SECOND_MS = 1_000;
  const MINUTE_MS = 60_000;

  it.each([
    ['30 s ahead', 30 * SECOND_MS, 'checkout.errors', 'spanEvents'],
    ['2 min ahead', 2 * MINUTE_MS, 'checkout.errors', 'logEvents'],
    ['10 min ahead', 10 * MINUTE_MS, 'checkout.errors', 'spanEvents'],
    ['5 h ahead', 300 * MINUTE_MS, 'checkout.errors', 'logEvents'],
    ['2 min ahead, by user,', 2 * MINUTE_MS, 'http.error_rate', 'logEvents'],
  ] as const)(
    'does not hide a treatment that fails: %s it is rolled back',
    async (_, aheadMs, metric, by) => {
      const server = await start({ metric, by, badShare: { on: 0.4, off: 0.01 }, aheadMs });
      const seen = await rolledBack(server);
      expect(seen.rollout.cause.code).toBe('harm');
      expect(seen.rollout.stage).toBeLessThanOrEqual(0);
    },
    2 * LIMIT_MS,
  );

  it(
    'lets a healthy feature climb where the clock is ahead',
    async () => {
      const badShare = { on: 0.01, off: 0.01 };
      const given = { metric: 'checkout.errors', by: 'spanEvents', badShare } as const;
      const server = await start({ ...given, aheadMs: 2 * MINUTE_MS });
      const seen = await until(async () => {
        const body = await view(server);
        return body.rollout.stage === 1 && body;
      }, LIMIT_MS);
      expect(seen.rollout.status).not.toBe('rolledBack');
    },
    2 * LIMIT_MS,
  );

  it(
    'treats nobody and names the process where it may be behind, and may as well be late',
    async () => {
      const badShare = { on: 0.4, off: 0.01 };
      const given = { metric: 'checkout.errors', by: 'spanEvents', badShare } as const;
      const server = await start({ ...given, aheadMs: -2 * MINUTE_MS });
      const seen = await until(async () => {
        const body = await view(server);
        return body.rollout.cause?.code === 'telemetry_late' && body;
      }, LIMIT_MS);
      expect(seen.rollout.cause.text).toContain('otlp:storefront/pod-1');
      expect(seen.rollout.stage).toBe(-1);
    },
    2 * LIMIT_MS,
  );
});
