/** A server, an SDK in an HTTP host, and requests over HTTP: a feature that fails on one platform alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDownhaul, type Downhaul } from '@downhaul/sdk';
import { readOptions, startServer } from '@downhaul/server';
import { afterEach, expect, it } from 'vitest';

const FLAG = '/projects/default/environments/production/flags/new-checkout';
const PLAN = {
  plan: 'sliced',
  baseline: '3s',
  batch: '1s',
  horizons: ['1s'],
  stages: [
    { share: '50%', bake: '1h' },
    { share: '100%', bake: '1h' },
  ],
  guardrails: [{ metric: 'http.error_rate', margin: { relative: '50%', absolute: 0.01 } }],
  slices: ['platform', { attribute: 'service', minimumSample: 50 }],
};
const DOCUMENT = {
  flag: 'new-checkout',
  kind: 'release',
  type: 'boolean',
  owner: 'team-checkout',
  purpose: 'one-page checkout',
  variants: { on: true, off: false },
  safe: 'off',
  environments: {
    production: { serve: 'off', rollout: { plan: 'sliced', to: 'on', attempt: 1 } },
  },
};

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function startControlPlane() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-slices-'));
  cleanUps.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const defaults = readOptions({ argv: ['--port', '0', '--log-level', 'silent'] });
  const options = { ...defaults, tickInterval: 100, reportInterval: 1_000, dataDirectory };
  const server = await startServer(options);
  cleanUps.push(() => server.close());
  const api = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.adminToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer;
    if (!response.ok) expect.fail(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return { url: server.url, api };
}

/** What of the API's answers is looked at. */
interface Answer {
  readonly token: string;
  readonly rollout: { readonly status: string; readonly cause?: { readonly text: string } };
  readonly evidence?: {
    readonly units: Arms;
    readonly synthetic: readonly { readonly treatment: Count; readonly control: Count }[];
  };
  readonly slices: readonly {
    readonly dimension: string;
    readonly value: string;
    readonly verdict: string;
    readonly units: Arms;
  }[];
  readonly sentences: readonly string[];
}

type Arms = Readonly<Record<'treatment' | 'control', number>>;
interface Count {
  readonly units: number;
  readonly bad: number;
}

/** A shop whose new checkout fails every fifth time on iOS, and everything one time in a hundred. */
async function startShop(downhaul: Downhaul): Promise<string> {
  const shop = createServer(
    downhaul.http(
      (request, response) => {
        const number = Number(String(request.headers['x-user']).split('-')[1]);
        const isNew = downhaul.boolean('new-checkout', false);
        const isIos = request.headers['x-platform'] === 'ios';
        const fails = isNew && isIos ? number % 5 === 0 : number % 100 === 7;
        const isProbe = request.headers['downhaul-synthetic'] !== undefined;
        response.statusCode = fails || isProbe ? 500 : 200;
        response.end();
      },
      {
        context: (request) => ({
          targetingKey: String(request.headers['x-user']),
          platform: String(request.headers['x-platform']),
          email: 'ada@acme.test',
        }),
      },
    ),
  );
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    const closed = new Promise((resolve) => shop.close(resolve));
    shop.closeAllConnections();
    await closed;
  });
  return `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
}

it('is found, rolled back and named, and probes are told apart', { timeout: 180_000 }, async () => {
  const { url, api } = await startControlPlane();
  await api('PUT', '/projects/default/plans/sliced', PLAN);
  await api('PUT', '/projects/default/flags/new-checkout', DOCUMENT);
  const { token } = await api('POST', '/tokens', {
    name: 'shop',
    kind: 'sdk',
    environment: 'production',
    service: 'storefront',
  });
  const downhaul = createDownhaul({ url, token });
  cleanUps.push(() => downhaul.close());
  await downhaul.ready();
  const shop = await startShop(downhaul);
  await api('POST', `${FLAG}/rollout/start`);
  let users = 0;
  const visit = async () => {
    const number = (users += 1);
    const platform = number % 20 === 0 ? 'ios' : 'web';
    const headers = { 'x-user': `user-${number}`, 'x-platform': platform };
    // Numbered on their own, so that some of them fail and most do not.
    if (platform === 'ios') headers['x-user'] = `ios-${number / 20}`;
    await (await fetch(shop, { headers })).text();
  };
  const probe = async () => {
    const headers = { 'x-user': `probe-${(users += 1)}`, 'downhaul-synthetic': '1' };
    await (await fetch(shop, { headers })).text();
  };
  let seen = await api('GET', `${FLAG}/rollout`);
  for (let round = 0; seen.rollout.status !== 'rolledBack' && round < 2_000; round++) {
    await Promise.all([...Array.from({ length: 40 }, visit), probe()]);
    if (round % 5 === 0) seen = await api('GET', `${FLAG}/rollout`);
  }
  const sliced = (value: string) => seen.slices.find((each) => each.value === value);
  expect(seen.rollout.cause?.text).toContain('[platform=ios]');
  expect(seen.rollout.cause?.text).not.toContain('web');
  expect(sliced('ios')?.verdict).toBe('harmful');
  expect(sliced('web')?.verdict).not.toBe('harmful');
  expect(sliced('web')?.units.treatment).toBeGreaterThan(5 * (sliced('ios')?.units.treatment ?? 0));
  expect(sliced('storefront')?.dimension).toBe('service');
  const probes = seen.evidence?.synthetic.map(({ treatment }) => treatment) ?? [];
  const failed = probes.reduce((sum, { bad }) => sum + bad, 0);
  expect(failed).toBeGreaterThan(5);
  expect(probes.reduce((sum, { units }) => sum + units, 0)).toBe(failed);
  expect(seen.sentences.join(' ')).toMatch(
    /Synthetic, measured apart: \d+ of \d+ units of treatment/,
  );
  expect(JSON.stringify(seen)).not.toContain('acme');
  expect(downhaul.boolean('new-checkout', true, { targetingKey: 'user-1' })).toBe(false);
});
