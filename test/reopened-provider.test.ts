/** A server and an SDK whose provider is closed and set again: no rollback is proven without it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDownhaul } from '@downhaul/sdk';
import { readOptions, startServer } from '@downhaul/server';
import { afterEach, expect, it } from 'vitest';

const ENVIRONMENT = '/projects/default/environments/production';
const DOCUMENT = {
  flag: 'new-checkout',
  kind: 'release',
  type: 'boolean',
  owner: 'team-checkout',
  purpose: 'one-page checkout',
  variants: { on: true, off: false },
  safe: 'off',
  environments: { production: { serve: 'on' } },
};
const LIMIT_MS = 20_000;

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Answer {
  readonly token: string;
  readonly instances: readonly {
    readonly id: string;
    readonly live: boolean;
    readonly class: string;
  }[];
  readonly clocks: readonly {
    readonly clock: string;
    readonly outcome: string;
    readonly statement: string;
  }[];
}

async function startControlPlane() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-reopened-'));
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
        justification: 'a test',
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

async function until(name: string, fact: () => Promise<boolean>): Promise<void> {
  const startedAtMs = performance.now();
  while (!(await fact())) {
    if (performance.now() - startedAtMs > LIMIT_MS) expect.fail(`never happened: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('a provider that is set again is in the proof of a rollback, and is brought down', async () => {
  const { url, api } = await startControlPlane();
  await api('PUT', '/projects/default/flags/new-checkout?atOnce=true', DOCUMENT);
  const issued = { name: 'shop', kind: 'sdk', environment: 'production', service: 'storefront' };
  const { token } = await api('POST', '/tokens', issued);
  const downhaul = createDownhaul({ url, token });
  cleanUps.push(() => downhaul.close());
  const live = async () => {
    const { instances } = await api('GET', `${ENVIRONMENT}/instances`);
    return instances.filter((each) => each.live);
  };
  // A stream is known before its first acknowledgement.
  const acking = async () =>
    (await live()).filter((each) => each.class === 'acking').map((each) => each.id);
  await downhaul.provider.initialize?.({});
  const first = downhaul.status().instance;
  await until('it is live', async () => (await acking()).includes(first));
  await downhaul.provider.onClose?.();
  await until('it has left', async () => (await live()).length === 0);

  await downhaul.provider.initialize?.({});
  const again = downhaul.status().instance;
  expect(downhaul.boolean('new-checkout', false)).toBe(true);
  await until('it is live again', async () => (await acking()).includes(again));
  await api('POST', `${ENVIRONMENT}/flags/new-checkout/down`);
  const latest = `${ENVIRONMENT}/flags/new-checkout/proof`;
  const reached = async () =>
    (await api('GET', latest)).clocks.find(({ clock }) => clock === 'reached');
  await until('it is reached', async () => (await reached())?.outcome === 'proven');
  expect((await reached())?.statement).toContain('1 instance acknowledged');
  expect(downhaul.boolean('new-checkout', true)).toBe(false);
  await downhaul.provider.onClose?.();
  expect(await live()).toEqual([]);
}, 60_000);
