/** A server and real SDKs of two services: what a token may say of an instance, and what becomes of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDownhaul, type Downhaul } from '@downhaul/sdk';
import { readOptions, startServer } from '@downhaul/server';
import { afterEach, describe, expect, it } from 'vitest';

const HERE = '/projects/default/environments/production';
const FLAG = `${HERE}/flags/new-checkout`;
const LIMIT_MS = 60_000;
const TEST_MS = 120_000;

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Of the API's answers, what is looked at. */
interface Answer {
  readonly code: string;
  readonly token: string;
  readonly id: string;
  readonly proof: string;
  readonly duplicate: boolean;
  readonly instances: readonly Instance[];
  readonly refused: readonly { readonly token: string; readonly requests: number }[];
  readonly clocks: readonly {
    readonly clock: string;
    readonly outcome: string;
    readonly statement: string;
    readonly missing: readonly { readonly name: string; readonly why: string }[];
  }[];
  readonly notConcerned: { readonly services: readonly string[] };
  readonly excluded: readonly unknown[];
  readonly sentences: readonly string[];
  readonly events: readonly { readonly body: { readonly type: string } }[];
}

interface Instance {
  readonly id: string;
  readonly service: string;
  readonly live: boolean;
  readonly cutOff: boolean;
  readonly version?: number;
  readonly reportsReceived: number;
  readonly token?: string;
}

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number; readonly body: Answer }>;

async function world(argv: readonly string[] = []) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-identity-'));
  cleanUps.push(() => rmSync(dataDirectory, { recursive: true }));
  const quiet = ['--port', '0', '--log-level', 'silent', '--report-interval', '200ms'];
  const server = await startServer(
    readOptions({ argv: ['--data-directory', dataDirectory, ...quiet, ...argv] }),
  );
  cleanUps.push(() => server.close());
  const admin = askWith(server.url, server.adminToken ?? '');
  const flag = (key: string) => ({
    flag: key,
    kind: 'release',
    type: 'boolean',
    owner: 'team-checkout',
    purpose: 'one-page checkout',
    variants: { on: true, off: false },
    safe: 'off',
    environments: { production: { serve: 'off', rollout: { plan: 'canary', to: 'on' } } },
  });
  const stages = [{ share: '10%', bake: '1h' }];
  await must(admin('PUT', '/projects/default/plans/canary', { plan: 'canary', stages }));
  await must(admin('PUT', '/projects/default/flags/new-checkout', flag('new-checkout')));
  await must(admin('PUT', '/projects/default/flags/other', flag('other')));
  await must(admin('POST', `${FLAG}/rollout/start`));
  return { server, admin };
}

type World = Awaited<ReturnType<typeof world>>;

function askWith(url: string, token: string): Ask {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  };
}

async function must(answer: ReturnType<Ask>): Promise<Answer> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

async function issue({ server, admin }: World, service: string) {
  const { token, id } = await must(
    admin('POST', '/tokens', { name: service, kind: 'sdk', service }),
  );
  return { token, id, ask: askWith(server.url, token) };
}

/** A real SDK that evaluates flags. */
async function client({ server }: World, token: string, flags: readonly string[]) {
  const downhaul = createDownhaul({ url: server.url, token });
  cleanUps.push(() => downhaul.close());
  await downhaul.ready();
  for (const flag of flags) downhaul.boolean(flag, false, { targetingKey: 'u1' });
  return downhaul;
}

async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function instances({ admin }: World): Promise<readonly Instance[]> {
  return (await must(admin('GET', `${HERE}/instances`))).instances;
}

const named = async (at: World, id: string, service: string) =>
  (await instances(at)).find((each) => each.id === id && each.service === service);

const reported = (at: World, sdk: Downhaul, service: string) =>
  until(async () => {
    const found = await named(at, sdk.status().instance, service);
    return (found?.reportsReceived ?? 0) >= 2 && found;
  });

const clockOf = async ({ admin }: World, proof: string, clock: string) => {
  const path = `/projects/default/proofs/${encodeURIComponent(proof)}`;
  const found = (await must(admin('GET', path))).clocks.find((each) => each.clock === clock);
  return found ?? expect.fail(`there is no clock ${clock}`);
};

function word(instance: string, version: number, sequence = 1) {
  const acknowledgement = {
    instance,
    version,
    sdk: { name: 'forged', version: '1', formatVersion: 1 },
    capabilities: [],
    reportsExposures: true,
    sentAtMs: Date.now(),
  };
  const report = {
    instance,
    sequence,
    sentAtMs: Date.now(),
    throughMs: Date.now(),
    version,
    exposures: [],
    outcomes: [],
    activity: [],
    dropped: { exposures: 0, outcomes: 0 },
  };
  return { acknowledgement, report, headers: { 'downhaul-instance': instance } };
}

describe('a token of another service', () => {
  it(
    'can neither acknowledge, nor report, nor say goodbye for an instance of this one',
    async () => {
      const at = await world();
      const storefront = await issue(at, 'storefront');
      const fraud = await issue(at, 'fraud');
      // Held back: it evaluates the flag, and then hears of nothing more.
      const victim = 'pod-1';
      const { acknowledgement, report, headers } = word(victim, 1);
      const said = await must(storefront.ask('GET', '/sdk/snapshot', undefined, headers));
      expect(said).toBeDefined();
      await must(storefront.ask('POST', '/sdk/acknowledgements', acknowledgement, headers));
      await must(storefront.ask('POST', '/sdk/reports', report, headers));
      const { proof } = await must(at.admin('POST', `${FLAG}/down`));
      const version = Number(proof.split('@')[1]);
      for (const sequence of [1, 2, 3]) {
        const forged = word(victim, version, sequence);
        await must(fraud.ask('POST', '/sdk/acknowledgements', forged.acknowledgement, headers));
        await must(fraud.ask('POST', '/sdk/reports', forged.report, headers));
      }
      const goodbye = { instance: victim, lastSequence: 3 };
      await must(fraud.ask('POST', '/sdk/goodbyes', goodbye, headers));
      const { outcome, missing } = await clockOf(at, proof, 'reached');
      expect(outcome).not.toBe('proven');
      expect(missing).toMatchObject([{ name: victim, service: 'storefront' }]);
      expect(await named(at, victim, 'storefront')).toMatchObject({ live: true, version: 1 });
      const { duplicate } = await must(
        storefront.ask('POST', '/sdk/reports', word(victim, version, 2).report, headers),
      );
      expect(duplicate).toBe(false);
      expect((await clockOf(at, proof, 'reached')).outcome).toBe('proven');
    },
    TEST_MS,
  );

  it(
    'retires nobody of this one: a name of two services has to be told apart',
    async () => {
      const at = await world();
      for (const service of ['storefront', 'fraud']) {
        const { ask } = await issue(at, service);
        const { acknowledgement, headers } = word('pod-1', 1);
        await must(ask('POST', '/sdk/acknowledgements', acknowledgement, headers));
      }
      const refused = await at.admin('POST', `${HERE}/instances/pod-1/retire`, {});
      expect(refused).toMatchObject({ status: 409, body: { code: 'instance_ambiguous' } });
      await must(at.admin('POST', `${HERE}/instances/pod-1/retire`, { service: 'fraud' }));
      await until(async () => (await named(at, 'pod-1', 'fraud'))?.live === false);
      expect((await named(at, 'pod-1', 'storefront'))?.live).toBe(true);
    },
    TEST_MS,
  );
});

describe('reports with numbers that nobody could have counted', () => {
  it(
    'are refused, or forgotten once the instance itself goes on',
    async () => {
      const at = await world();
      const { ask } = await issue(at, 'storefront');
      const send = async (sequence: number) => {
        const { report, headers } = word('pod-1', 1, sequence);
        return ask('POST', '/sdk/reports', report, headers);
      };
      await must(send(1));
      expect(await send(Number.MAX_SAFE_INTEGER)).toMatchObject({
        status: 400,
        body: { code: 'telemetry_invalid' },
      });
      await must(send(900_000_000_000));
      const { proof } = await must(at.admin('POST', `${FLAG}/down`));
      const version = Number(proof.split('@')[1]);
      for (const sequence of [2, 3, 4, 5]) {
        const { report, headers } = word('pod-1', version, sequence);
        expect((await must(ask('POST', '/sdk/reports', report, headers))).duplicate).toBe(false);
      }
      await until(async () => (await clockOf(at, proof, 'silent')).outcome === 'proven');
    },
    TEST_MS,
  );
});

describe('the instances of a revoked token', () => {
  it(
    'are cut off: they stay in proofs until they continue with another, or somebody retires the token',
    async () => {
      const at = await world();
      const old = await issue(at, 'storefront');
      const speak = async (ask: Ask, instance: string, version: number) => {
        const { acknowledgement, headers } = word(instance, version);
        await must(ask('POST', '/sdk/acknowledgements', acknowledgement, headers));
      };
      await speak(old.ask, 'moves', 1);
      await speak(old.ask, 'stays', 1);
      await must(at.admin('DELETE', `/tokens/${old.id}`));
      const { proof } = await must(at.admin('POST', `${FLAG}/down`));
      const version = Number(proof.split('@')[1]);
      expect(await instances(at)).toMatchObject([
        { id: 'moves', live: true, cutOff: true, token: old.id },
        { id: 'stays', live: true, cutOff: true, token: old.id },
      ]);
      const fresh = await issue(at, 'storefront');
      await speak(fresh.ask, 'moves', version);
      expect((await named(at, 'moves', 'storefront'))?.cutOff).toBe(false);
      const { missing, outcome } = await clockOf(at, proof, 'reached');
      expect(outcome).not.toBe('proven');
      expect(missing).toMatchObject([{ name: 'stays', service: 'storefront', cutOffBy: old.id }]);
      expect(await at.admin('POST', `${HERE}/tokens/nobody/retire`)).toMatchObject({
        status: 404,
        body: { code: 'token_without_instances' },
      });
      await must(at.admin('POST', `${HERE}/tokens/${old.id}/retire`));
      const reached = await until(async () => {
        const now = await clockOf(at, proof, 'reached');
        return now.outcome === 'proven' && now;
      });
      expect(reached.statement).toContain("Gone by an operator's word: stays.");
    },
    TEST_MS,
  );
});

describe('a token with a new instance in every request', () => {
  it(
    'is refused beyond its quota, which keeps neither known instances nor other tokens from anything',
    async () => {
      const at = await world(['--max-instances-per-token', '3']);
      const { ask, id } = await issue(at, 'fraud');
      const fetchAs = (instance: string) =>
        ask('GET', '/sdk/snapshot', undefined, { 'downhaul-instance': instance });
      for (const name of ['a', 'b', 'c']) await must(fetchAs(name));
      await until(async () => (await instances(at)).length === 3);
      for (const name of ['d', 'e']) {
        expect(await fetchAs(name)).toMatchObject({
          status: 429,
          body: { code: 'instances_too_many' },
        });
      }
      const { acknowledgement, report, headers } = word('f', 1);
      for (const [path, body] of [
        ['acknowledgements', acknowledgement],
        ['reports', report],
      ] as const) {
        expect((await ask('POST', `/sdk/${path}`, body, headers)).body.code).toBe(
          'instances_too_many',
        );
      }
      await must(fetchAs('a'));
      const other = await issue(at, 'storefront');
      const sdk = await client(at, other.token, ['new-checkout']);
      await reported(at, sdk, 'storefront');
      await must(at.admin('POST', `${FLAG}/down`));
      await must(fetchAs('b'));
      const { refused } = await must(at.admin('GET', `${HERE}/instances`));
      expect(refused).toMatchObject([{ token: id, requests: 4 }]);
      const goodbye = { instance: 'c', lastSequence: 1 };
      await must(ask('POST', '/sdk/goodbyes', goodbye, { 'downhaul-instance': 'c' }));
      await until(async () => (await fetchAs('d')).status === 200);
    },
    TEST_MS,
  );
});

describe('a real SDK', () => {
  it(
    'that never evaluated the flag is not waited for in its proof, and is as soon as it does',
    async () => {
      const at = await world();
      const storefront = await issue(at, 'storefront');
      const jobs = await issue(at, 'jobs');
      const shop = await client(at, storefront.token, ['new-checkout']);
      const job = await client(at, jobs.token, ['other']);
      await reported(at, shop, 'storefront');
      await reported(at, job, 'jobs');
      const { proof } = await must(at.admin('POST', `${FLAG}/down`));
      const reached = await until(async () => {
        const now = await clockOf(at, proof, 'reached');
        return now.outcome === 'proven' && now;
      });
      expect(reached.statement).toContain('1 instance acknowledged');
      const view = await must(
        at.admin('GET', `/projects/default/proofs/${encodeURIComponent(proof)}`),
      );
      expect(view.notConcerned.services).toEqual(['jobs']);
      job.boolean('new-checkout', false, { targetingKey: 'u1' });
      await until(async () => {
        const path = `/projects/default/proofs/${encodeURIComponent(proof)}`;
        return (await must(at.admin('GET', path))).notConcerned.services.length === 0;
      });
    },
    TEST_MS,
  );

  it(
    'that restarts under the name of its host is another instance, and the one before is gone',
    async () => {
      const at = await world();
      const { token } = await issue(at, 'storefront');
      const first = createDownhaul({ url: at.server.url, token, instance: 'host-1' });
      await first.ready();
      await reported(at, first, 'storefront');
      await first.close();
      const second = createDownhaul({ url: at.server.url, token, instance: 'host-1' });
      cleanUps.push(() => second.close());
      await second.ready();
      await reported(at, second, 'storefront');
      expect((await named(at, first.status().instance, 'storefront'))?.live).toBe(false);
      expect((await named(at, second.status().instance, 'storefront'))?.live).toBe(true);
    },
    TEST_MS,
  );
});

describe('a source that forges harm', () => {
  it(
    'is named, and excluded on record by somebody who may change',
    async () => {
      const at = await world();
      const fraud = await issue(at, 'fraud');
      const { acknowledgement, headers } = word('f-1', 1);
      await must(fraud.ask('POST', '/sdk/acknowledgements', acknowledgement, headers));
      const viewer = await must(
        at.admin('POST', '/tokens', { name: 'viewer', kind: 'person', rights: ['view'] }),
      );
      const exclude = `${FLAG}/rollout/exclude`;
      const source = { service: 'fraud', instance: 'f-1' };
      const why = { justification: 'its failures are made up' };
      const asked = { ...source, ...why };
      expect((await askWith(at.server.url, viewer.token)('POST', exclude, asked)).status).toBe(403);
      expect((await at.admin('POST', exclude, source)).body.code).toBe('source_why_missing');
      const unknown = { service: 'frodd', ...why };
      expect((await at.admin('POST', exclude, unknown)).body.code).toBe('source_unknown');
      await must(at.admin('POST', exclude, asked));
      const shown = await must(at.admin('GET', `${FLAG}/rollout`));
      expect(shown.excluded).toMatchObject([source]);
      await until(async () =>
        (await must(at.admin('GET', `${FLAG}/rollout`))).sentences.some((sentence) =>
          sentence.startsWith('Excluded, nothing that it tells counts: fraud/f-1'),
        ),
      );
      const { events } = await must(at.admin('GET', '/log'));
      expect(events.map(({ body }) => body.type)).toContain('sourceExcluded');
      await must(at.admin('POST', `${FLAG}/rollout/include`, source));
      expect((await must(at.admin('GET', `${FLAG}/rollout`))).excluded).toEqual([]);
      expect((await at.admin('POST', `${FLAG}/rollout/include`, source)).body.code).toBe(
        'source_not_excluded',
      );
    },
    TEST_MS,
  );
});
