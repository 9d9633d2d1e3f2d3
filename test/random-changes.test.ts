/** A server and an SDK under random changes: every change that is accepted arrives, and as the server means it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, type Snapshot } from '@downhaul/engine';
import { createDownhaul, type Downhaul } from '@downhaul/sdk';
import { readOptions, startServer } from '@downhaul/server';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';

const PROJECT = '/projects/default';
const FLAGS = ['checkout', 'pricing', 'constructor'] as const;
const VARIANTS = ['off', 'on', 'b', 'toString'] as const;
const UNIT_NAMES = [...Array<string>(6).fill('targetingKey'), 'tenant', '__proto__'];
const CHANGES = 500;
/** All of it has to happen by itself, on a machine that may be busy. */
const LIMIT_MS = 120_000;

const UNITS = [
  {},
  { targetingKey: 'ada', tenant: 'acme' },
  ...Array.from({ length: 12 }, (_, index) => ({ targetingKey: `user-${index}` })),
];

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const anyFlag = fc.constantFrom(...FLAGS);
const anyVariant = fc.constantFrom(...VARIANTS);
const anyShare = fc.constantFrom('10%', '50%', '100%');
const anyCondition = fc.constantFrom(
  { segment: 'friends' },
  { attribute: 'tenant', equals: 'acme' },
  { not: { attribute: 'tenant', equals: 'acme' } },
  { all: [] },
);

const anyPlan = fc
  .record({ first: anyShare, unit: fc.constantFrom(...UNIT_NAMES) })
  .map(({ first, unit }) => ({
    unit,
    stages: [
      { share: first, bake: '1h' },
      ...(first === '100%' ? [] : [{ share: '100%', bake: '1h' }]),
    ],
  }));

const anyDocument = fc
  .record({
    flag: anyFlag,
    variants: fc.subarray([...VARIANTS], { minLength: 3 }),
    value: fc.constantFrom('', '', '!'),
    serve: fc.nat(3),
    safe: fc.constantFrom(0, 0, 1),
    rules: fc.array(fc.record({ if: anyCondition, serve: fc.nat(3) }), { maxLength: 1 }),
    rollout: fc.option(
      fc.record({ plan: anyPlan, to: fc.nat(3), attempt: fc.integer({ min: 1, max: 3 }) }),
      { nil: undefined },
    ),
    requires: fc.option(anyFlag, { freq: 8, nil: undefined }),
  })
  .map(({ flag, variants, value, serve, safe, rules, rollout, requires }) => {
    const at = (index: number) => variants[index % variants.length]!;
    return {
      flag,
      kind: 'release',
      type: 'string',
      owner: 'team',
      purpose: 'a test',
      variants: Object.fromEntries(variants.map((name) => [name, `${name}${value}`])),
      safe: at(safe),
      environments: {
        production: {
          serve: at(serve),
          rules: rules.map((rule) => ({ name: 'rule', if: rule.if, serve: at(rule.serve) })),
          ...(rollout === undefined ? {} : { rollout: { ...rollout, to: at(rollout.to) } }),
        },
      },
      ...(requires === undefined
        ? {}
        : { requires: { flags: [{ flag: requires, variant: 'on' }] } }),
    };
  });

const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  {
    weight: 10,
    arbitrary: anyDocument.map((body) => ({
      method: 'PUT',
      path: `${PROJECT}/flags/${body.flag}?atOnce=true`,
      body,
    })),
  },
  {
    weight: 14,
    arbitrary: fc.record({ flag: anyFlag, plan: anyPlan, to: anyVariant }).map((start) => ({
      method: 'POST',
      path: `${siteOf(start.flag)}/rollout/start`,
      body: { plan: { plan: 'random', ...start.plan }, to: start.to, atOnce: true },
    })),
  },
  ...(
    [
      ['rollout/advance', 8],
      ['rollout/rollback', 6],
      ['rollout/pause', 1],
      ['rollout/resume', 1],
      ['rollout/complete', 2],
      ['rollout/end-watch', 1],
      ['down', 2],
      ['up', 3],
    ] as const
  ).map(([action, weight]) => ({
    weight,
    arbitrary: anyFlag.map((flag) => ({ method: 'POST', path: `${siteOf(flag)}/${action}` })),
  })),
  {
    weight: 2,
    arbitrary: fc.record({ flag: anyFlag, variant: anyVariant }).map(({ flag, variant }) => ({
      method: 'PUT',
      path: `${siteOf(flag)}/overrides`,
      body: [{ unit: 'ada', variant }],
    })),
  },
  {
    weight: 2,
    arbitrary: anyCondition.map((condition) => ({
      method: 'PUT',
      path: `${PROJECT}/segments/friends?atOnce=true`,
      body: {
        segment: 'friends',
        owner: 'team',
        if: 'segment' in condition ? { all: [] } : condition,
      },
    })),
  },
);

function siteOf(flag: string): string {
  return `${PROJECT}/environments/production/flags/${flag}`;
}

/** A server, an SDK of it that keeps what it refuses, and the API. */
async function start() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-random-'));
  cleanUps.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const options = readOptions({ argv: ['--port', '0', '--log-level', 'silent'] });
  const server = await startServer({ ...options, dataDirectory });
  cleanUps.push(() => server.close());
  const api = async ({ method, path, body }: Request) => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.adminToken}`,
        justification: 'a test',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const service = { name: 'shop', kind: 'sdk', environment: 'production', service: 'shop' };
  const { body } = await api({ method: 'POST', path: '/tokens', body: service });
  const { token } = body as { readonly token: string };
  const refused: string[] = [];
  const connect = () => {
    const downhaul = createDownhaul({
      url: server.url,
      token,
      onEvent: (event) => {
        if (event.type === 'snapshotRefused') refused.push(event.message);
      },
    });
    cleanUps.push(() => downhaul.close());
    return downhaul;
  };
  return { api, connect, refused };
}

function valuesOf(downhaul: Downhaul): unknown {
  return FLAGS.map((flag) => UNITS.map((unit) => downhaul.string(flag, 'code default', unit)));
}

function valuesIn(snapshot: Snapshot): unknown {
  const evaluator = compile(snapshot);
  return FLAGS.map((flag) =>
    UNITS.map((unit) => evaluator.evaluate(flag, unit).value ?? 'code default'),
  );
}

async function reached(downhaul: Downhaul, version: number): Promise<void> {
  const end = performance.now() + 20_000;
  while ((downhaul.status().version ?? 0) < version) {
    if (performance.now() > end) {
      expect.fail(`the SDK is at ${downhaul.status().version}, the server at ${version}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

it(
  'whatever is accepted reaches every SDK, and has the value that the server means',
  async () => {
    const { api, connect, refused } = await start();
    const friends = { segment: 'friends', owner: 'team', if: { attribute: 'tenant', in: ['x'] } };
    await api({ method: 'PUT', path: `${PROJECT}/segments/friends`, body: friends });
    const downhaul = connect();
    await downhaul.ready();
    const requests = fc.sample(anyRequest, { numRuns: CHANGES, seed: 71313 });
    const accepted = new Map<string, number>();
    for (const request of requests) {
      const { status, body } = await api(request);
      expect(status, JSON.stringify({ request, body })).toBeLessThan(500);
      if (status >= 300) continue;
      const action = `${request.method} ${request.path.split('?')[0]!.split('/').at(-1)}`;
      accepted.set(action, (accepted.get(action) ?? 0) + 1);
      const exported = await api({
        method: 'GET',
        path: `${PROJECT}/environments/production/snapshot`,
      });
      const snapshot = exported.body as Snapshot;
      await reached(downhaul, snapshot.version);
      if (downhaul.status().version === snapshot.version) {
        expect(valuesOf(downhaul)).toEqual(valuesIn(snapshot));
      }
      expect(refused).toEqual([]);
    }
    for (const action of ['start', 'advance', 'rollback', 'down', 'up']) {
      expect(accepted.get(`POST ${action}`) ?? 0, action).toBeGreaterThan(2);
    }
    // One that starts now is given the whole at once.
    const late = connect();
    await late.ready();
    expect(late.status()).toMatchObject({ state: 'ready', source: 'stream' });
    expect(valuesOf(late)).toEqual(valuesOf(downhaul));
    expect(refused).toEqual([]);
  },
  LIMIT_MS,
);
