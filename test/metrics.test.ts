/** A server and an SDK's OpenFeature provider: rollouts guarded by what a shop tracks, not by errors. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDownhaul } from '@downhaul/sdk';
import { readOptions, startServer } from '@downhaul/server';
import { afterEach, expect, it } from 'vitest';

const PROJECT = '/projects/default';
const FLAG = `${PROJECT}/environments/production/flags/new-checkout`;
/** All of it has to happen by itself, on a machine that may be busy. */
const LIMIT_MS = 120_000;

const OWN = { owner: 'team-checkout', description: 'What the shop tracks.' };
const BASKET = {
  metric: 'basket.value',
  kind: 'mean',
  worse: 'lower',
  unit: 'EUR',
  window: '2s',
  cap: 500,
  ...OWN,
};
const FUNNEL = {
  metric: 'checkout.funnel',
  kind: 'funnel',
  steps: ['cart.opened', 'address.given', 'order.paid'],
  window: '2s',
  ...OWN,
};
const RETURNED = {
  metric: 'returned',
  kind: 'retention',
  source: { type: 'sdk', event: 'visited' },
  after: '2s',
  window: '6s',
  ...OWN,
};

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function planOn(metric: string, relative: string) {
  return {
    plan: 'tracked',
    baseline: '9s',
    batch: '1s',
    horizons: ['1s'],
    reactionTime: '10s',
    stages: [
      { share: '50%', bake: '2s' },
      { share: '60%', bake: '1h' },
    ],
    guardrails: [{ metric, margin: { relative } }],
  };
}

/** What of the API's answers is looked at. */
interface Answer {
  readonly token: string;
  readonly rollout: {
    readonly status: string;
    readonly stage: number;
    readonly cause?: { readonly code: string; readonly text: string };
  };
  readonly guardrails: readonly {
    readonly verdict: string;
    readonly unit?: string;
    readonly treatment: Mean;
    readonly control: Mean;
    readonly steps?: readonly { readonly event: string; readonly treatment: number }[];
  }[];
}

interface Mean {
  readonly units: number;
  readonly mean?: number;
}

/** A user's visit, with the variant that was served. */
type Visit = (track: Track, user: { readonly targetingKey: string }, on: boolean) => void;

/** `track` of OpenFeature's client, as it reaches a provider. */
type Track = (
  name: string,
  user: { readonly targetingKey: string },
  details?: { readonly value?: number },
) => void;

/** A rollout guarded by one metric, and a shop whose users come one after another. */
async function start(metric: { readonly metric: string }, relative: string, visit: Visit) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-metrics-'));
  cleanUps.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const defaults = readOptions({ argv: ['--port', '0', '--log-level', 'silent'] });
  const options = { ...defaults, tickInterval: 100, reportInterval: 1_000, dataDirectory };
  const server = await startServer(options);
  cleanUps.push(() => server.close());
  const api = async (method: string, path: string, body?: object) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${server.adminToken}`, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer;
    if (!response.ok) expect.fail(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  await api('PUT', `${PROJECT}/metrics/${metric.metric}`, metric);
  await api('PUT', `${PROJECT}/plans/tracked`, planOn(metric.metric, relative));
  await api('PUT', `${PROJECT}/flags/new-checkout`, {
    flag: 'new-checkout',
    kind: 'release',
    type: 'boolean',
    purpose: 'one-page checkout',
    owner: 'team-checkout',
    variants: { on: true, off: false },
    safe: 'off',
    environments: {
      production: { serve: 'off', rollout: { plan: 'tracked', to: 'on', attempt: 1 } },
    },
  });
  const service = { name: 'shop', kind: 'sdk', environment: 'production', service: 'storefront' };
  const { token } = await api('POST', '/tokens', service);
  const downhaul = createDownhaul({ url: server.url, token });
  cleanUps.push(() => downhaul.close());
  await downhaul.ready();
  const { provider } = downhaul;
  const track: Track = (name, user, details = {}) =>
    provider.track?.(name, { ...user }, { ...details });
  let open = true;
  const shopping = (async () => {
    for (let number = 0; open; number++) {
      const user = { targetingKey: `user-${number}` };
      visit(track, user, downhaul.boolean('new-checkout', false, user));
      if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  cleanUps.push(() => {
    open = false;
    return shopping;
  });
  await api('POST', `${FLAG}/rollout/start`);
  return () => api('GET', `${FLAG}/rollout`);
}

async function eventually(
  view: () => Promise<Answer>,
  is: (rollout: Answer['rollout']) => boolean,
): Promise<Answer> {
  const endMs = performance.now() + LIMIT_MS;
  for (;;) {
    const seen = await view();
    if (is(seen.rollout)) return seen;
    if (performance.now() > endMs) expect.fail(JSON.stringify(seen, null, 1));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const isRolledBack = ({ status }: Answer['rollout']) => status === 'rolledBack';

it('rolls back by itself when baskets fall', { timeout: 2 * LIMIT_MS }, async () => {
  const view = await start(BASKET, '10%', (track, user, on) => {
    const number = Number(user.targetingKey.slice(5));
    // Every second user buys for 10 to 59 EUR; with the new checkout for half of it.
    if (number % 2 === 0) return;
    const value = (10 + ((number * 7) % 50)) / (on ? 2 : 1);
    track('basket.value', user, { value });
  });
  const seen = await eventually(view, isRolledBack);
  expect(seen.rollout.cause?.code).toBe('harm');
  expect(seen.rollout.cause?.text).toContain('basket.value');
  const [guardrail] = seen.guardrails;
  expect(guardrail?.verdict).toBe('harmful');
  expect(guardrail?.unit).toBe('EUR');
  expect(guardrail?.control.mean).toBeCloseTo(17, -1);
  expect(guardrail?.treatment.mean).toBeLessThan(0.8 * (guardrail?.control.mean ?? 0));
});

it(
  'rolls back by itself when fewer reach the end of a funnel',
  { timeout: 2 * LIMIT_MS },
  async () => {
    const view = await start(FUNNEL, '10%', (track, user, on) => {
      const number = Number(user.targetingKey.slice(5));
      track('cart.opened', user);
      track('address.given', user);
      if (number % 10 < (on ? 3 : 7)) track('order.paid', user);
    });
    const seen = await eventually(view, isRolledBack);
    expect(seen.rollout.cause?.text).toContain('checkout.funnel');
    const [cart, address, paid] = seen.guardrails[0]?.steps ?? [];
    expect([cart?.event, address?.event, paid?.event]).toEqual(FUNNEL.steps);
    expect(address?.treatment).toBe(cart?.treatment);
    expect(paid?.treatment).toBeLessThan(0.6 * (address?.treatment ?? 0));
  },
);

/** Users who are back three seconds later, these many of ten. */
function returning(ofTen: (on: boolean) => number): Visit {
  return (track, user, on) => {
    track('visited', user);
    if (Number(user.targetingKey.slice(5)) % 10 >= ofTen(on)) return;
    const back = setTimeout(() => track('visited', user), 3_000);
    cleanUps.push(() => clearTimeout(back));
  };
}

it('goes up while users come back', { timeout: 2 * LIMIT_MS }, async () => {
  const view = await start(
    RETURNED,
    '30%',
    returning(() => 7),
  );
  const seen = await eventually(view, ({ stage }) => stage === 1);
  expect(seen.rollout.status).not.toBe('rolledBack');
});

it('rolls back by itself when they stay away', { timeout: 2 * LIMIT_MS }, async () => {
  const view = await start(
    RETURNED,
    '10%',
    returning((on) => (on ? 3 : 7)),
  );
  const seen = await eventually(view, isRolledBack);
  expect(seen.rollout.cause?.text).toContain('returned');
});
