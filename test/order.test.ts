/** A server and SDKs that report while rollouts move: all that was served counts, and in its stage. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDownhaul } from '@downhaul/sdk';
import { readOptions, startServer } from '@downhaul/server';
import { afterEach, expect, it } from 'vitest';

const PROJECT = '/projects/default';
const FLAG = `${PROJECT}/environments/production/flags/new-checkout`;
const LIMIT_MS = 120_000;
const SHARES = [10, 30, 50, 70, 90];
const ATTEMPTS = 3;
const UNITS = 60;

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Answer {
  readonly token: string;
  readonly version: number;
  readonly rollout: { readonly id: string; readonly stage: number };
  readonly droppedItems: readonly unknown[];
  readonly evidence: {
    readonly exposed: readonly {
      readonly stage: number;
      readonly treatment: number;
      readonly control: number;
    }[];
  };
}

async function start() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-order-'));
  cleanUps.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const defaults = readOptions({ argv: ['--port', '0', '--log-level', 'silent'] });
  const server = await startServer({ ...defaults, reportInterval: 100, dataDirectory });
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
  const stages = SHARES.map((share) => ({ share: `${share}%`, bake: '1h' }));
  await api('PUT', `${PROJECT}/plans/steps`, { plan: 'steps', stages });
  await api('PUT', `${PROJECT}/flags/new-checkout`, {
    flag: 'new-checkout',
    kind: 'release',
    type: 'boolean',
    purpose: 'one-page checkout',
    owner: 'team-checkout',
    variants: { on: true, off: false },
    safe: 'off',
    environments: {
      production: { serve: 'off', rollout: { plan: 'steps', to: 'on', attempt: 1 } },
    },
  });
  const service = { name: 'shop', kind: 'sdk', environment: 'production', service: 'storefront' };
  return { url: server.url, api, token: (await api('POST', '/tokens', service)).token };
}

async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const endMs = performance.now() + LIMIT_MS / 2;
  while (!(await holds())) {
    if (performance.now() > endMs) expect.fail(`it did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it(
  'everything that SDKs serve in the moment of a change counts in its stage',
  async () => {
    const { url, api, token } = await start();
    /** By version: what the shop served. Several versions may be of one stage. */
    const served = new Map<number, { treatment: number; control: number }>();
    const clients = await Promise.all(
      ['one', 'two', 'three'].map(async (name) => {
        const client = createDownhaul({
          url,
          token,
          instance: name,
          onEvent: (event) => {
            if (event.type === 'configuration' && event.flagsChanged.includes('new-checkout')) {
              serve(event.version);
            }
          },
        });
        cleanUps.push(() => client.close());
        await client.ready();
        return client;

        function serve(version: number): void {
          const count = served.get(version) ?? { treatment: 0, control: 0 };
          for (let unit = 0; unit < UNITS; unit += 1) {
            const user = { targetingKey: `${name} ${unit}` };
            const on = client.boolean('new-checkout', false, user);
            count[on ? 'treatment' : 'control'] += 1;
          }
          served.set(version, count);
        }
      }),
    );
    const all = UNITS * clients.length;
    const seenBy = (version: number) => {
      const { treatment = 0, control = 0 } = served.get(version) ?? {};
      return treatment + control === all;
    };
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const expected: object[] = [];
      for (let stage = 0; stage < SHARES.length; stage += 1) {
        const move = stage === 0 ? 'start' : 'advance';
        const { version } = await api('POST', `${FLAG}/rollout/${move}`);
        await until(() => seenBy(version), `all heard of ${version}`);
        expected.push({ stage, ...served.get(version) });
      }
      await until(async () => {
        const { exposed } = (await api('GET', `${FLAG}/rollout`)).evidence;
        const last = exposed.find(({ stage }) => stage === SHARES.length - 1);
        return last !== undefined && last.treatment + last.control === all;
      }, 'all is counted');
      const { evidence, droppedItems } = await api('GET', `${FLAG}/rollout`);
      expect(evidence.exposed).toEqual(expected);
      expect(droppedItems).toEqual([]);
      await api('POST', `${FLAG}/rollout/rollback`);
    }
    for (const client of clients) {
      expect(client.status().droppedItems).toEqual({});
      expect(client.status().dropped).toEqual({ exposures: 0, outcomes: 0, reports: 0 });
    }
  },
  2 * LIMIT_MS,
);
