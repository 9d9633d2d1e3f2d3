/** Every route against every scope of a token: what is about another environment is refused or left out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../src/http/app-types.ts';
import type { ServerContext } from '../../src/http/context.ts';
import { apiRoutes, otlpRoutes, rootRoutes } from '../../src/http/routes/list.ts';
import { checkoutFlag, unguardedPlan } from '../support/documents.ts';
import { apiOf, startTestServer, type TestServer } from '../support/server.ts';
import { FLAG, issue, must, positionOf } from '../support/setup.ts';

/** Stands in everything that only production has. */
const SECRET = 'production-secret';

/**
 * What a route is about. `public`: nothing of a project. `environment`: one environment. `ownPart`: a project,
 * of which a token of an environment sees its own part. `project`: a project, which such a token cannot change.
 * `everything`: the server, of which each token sees its own part. `server`: only for tokens of the server.
 * `sdk`: the environment of an SDK token.
 */
type About = 'public' | 'environment' | 'ownPart' | 'project' | 'everything' | 'server' | 'sdk';

const HERE = '/projects/:project/environments/:environment';
const ROUTES: Readonly<Record<string, About>> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'public',
  'GET /openapi.json': 'public',
  'POST /v1/traces': 'sdk',
  'POST /v1/metrics': 'sdk',
  'POST /v1/logs': 'sdk',
  'GET /sdk/snapshot': 'sdk',
  'GET /sdk/stream': 'sdk',
  'POST /sdk/reports': 'sdk',
  'POST /sdk/acknowledgements': 'sdk',
  'POST /sdk/goodbyes': 'sdk',
  'GET /projects': 'everything',
  'GET /log': 'everything',
  'GET /log/verify': 'everything',
  'GET /tokens': 'server',
  'POST /tokens': 'server',
  'DELETE /tokens/:token': 'server',
  'POST /backup': 'server',
  'PUT /projects/:project': 'project',
  'POST /projects/:project/documents': 'project',
  'GET /projects/:project/environments': 'ownPart',
  [`PUT ${HERE}`]: 'environment',
  'GET /projects/:project/flags': 'ownPart',
  'GET /projects/:project/flags/:flag': 'ownPart',
  'PUT /projects/:project/flags/:flag': 'project',
  'DELETE /projects/:project/flags/:flag': 'project',
  [`PUT ${HERE}/flags/:flag/overrides`]: 'environment',
  'GET /projects/:project/segments': 'ownPart',
  'GET /projects/:project/segments/:segment': 'environment',
  'PUT /projects/:project/segments/:segment': 'project',
  'DELETE /projects/:project/segments/:segment': 'project',
  'GET /projects/:project/metrics': 'ownPart',
  'GET /projects/:project/metrics/:metric': 'ownPart',
  'PUT /projects/:project/metrics/:metric': 'project',
  'DELETE /projects/:project/metrics/:metric': 'project',
  'GET /projects/:project/plans': 'ownPart',
  'GET /projects/:project/plans/:plan': 'ownPart',
  'PUT /projects/:project/plans/:plan': 'project',
  [`GET ${HERE}/rehearsals`]: 'environment',
  [`POST ${HERE}/rehearsals`]: 'environment',
  [`GET ${HERE}/flags/:flag/rollout`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/check`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/start`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/pause`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/resume`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/advance`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/rollback`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/complete`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/tighten`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/exclude`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/include`]: 'environment',
  [`POST ${HERE}/flags/:flag/rollout/end-watch`]: 'environment',
  [`POST ${HERE}/flags/:flag/down`]: 'environment',
  [`POST ${HERE}/flags/:flag/up`]: 'environment',
  [`POST ${HERE}/flags/:flag/explain`]: 'environment',
  [`GET ${HERE}/flags/:flag/proof`]: 'environment',
  'GET /projects/:project/proofs/:proof': 'environment',
  [`GET ${HERE}/snapshot`]: 'environment',
  [`GET ${HERE}/instances`]: 'environment',
  [`POST ${HERE}/instances/:instance/retire`]: 'environment',
  [`POST ${HERE}/tokens/:token/retire`]: 'environment',
};

const TOKENS = ['none', 'server', 'project', 'production', 'staging', 'other', 'sdk'] as const;
type Token = (typeof TOKENS)[number];

/** Who is answered, asked about `default/production`. All hold the right to everything in their scope. */
const ANSWERED: Readonly<Record<About, readonly Token[]>> = {
  public: TOKENS,
  environment: ['server', 'project', 'production'],
  ownPart: ['server', 'project', 'production', 'staging'],
  project: ['server', 'project'],
  everything: ['server', 'project', 'production', 'staging', 'other'],
  server: ['server'],
  sdk: [],
};

/** Whatever a route asks of its parts before it is asked for anything itself. */
const ANYTHING: ServerContext = new Proxy((() => ANYTHING) as unknown as ServerContext, {
  get: () => ANYTHING,
});

/** The routes as they are registered. */
function registered(): readonly string[] {
  const found: string[] = [];
  const add = (prefix: string) => (method: string) => (url: string) =>
    void found.push(`${method.toUpperCase()} ${prefix}${url}`);
  const appOf = (prefix: string) =>
    new Proxy({} as App, { get: (_app, method) => add(prefix)(String(method)) });
  for (const route of [...rootRoutes, ...otlpRoutes, ...apiRoutes]) {
    route(appOf(''), ANYTHING);
  }
  return found;
}

it('each route stands in the table, and no other', () => {
  expect([...registered()].sort()).toEqual(Object.keys(ROUTES).sort());
});

// The whole chain is verified for five of them: on a busy machine that takes its time.
describe('a token', { timeout: 120_000 }, () => {
  let server: TestServer;
  const tokens = new Map<Token, string | undefined>();
  let proof: string;

  beforeAll(async () => {
    server = await startTestServer();
    const { api } = server;
    const segment = (key: string, tenant: string) => ({
      ...{ segment: key, owner: 'team' },
      if: { attribute: 'tenant', in: [tenant] },
    });
    await must(
      api('PUT', '/projects/default/segments/tenants', segment('tenants', `${SECRET}-tenant`)),
    );
    await must(api('PUT', '/projects/default/segments/testers', segment('testers', 'testers')));
    const rule = (name: string, key: string) => [{ name, if: { segment: key }, serve: 'off' }];
    const environments = {
      production: { serve: 'off', rules: rule(`${SECRET}-rule`, 'tenants') },
      staging: { serve: 'off', rules: rule('testers', 'testers') },
    };
    await must(api('PUT', '/projects/default/flags/new-checkout', checkoutFlag({ environments })));
    const plan = unguardedPlan({ plan: `${SECRET}-plan` });
    await must(api('POST', `${FLAG}/rollout/start`, { plan, to: 'on', justification: SECRET }));
    const { body } = await must(api('POST', `${FLAG}/down`, { justification: `${SECRET}-why` }));
    proof = body.proof;
    await must(api('PUT', '/projects/other'));
    const project = 'default';
    const admin = { kind: 'person', rights: ['admin'] };
    const make = async (token: Token, scope: object) =>
      tokens.set(token, (await issue(server, { ...admin, name: token, ...scope })).token);
    tokens.set('server', server.adminToken);
    await make('project', { project });
    await make('production', { project, environment: 'production' });
    await make('staging', { project, environment: 'staging' });
    await make('other', { project: 'other' });
    await make('sdk', { kind: 'sdk', environment: 'staging', service: 'shop', rights: [] });
    const gone = { name: `${SECRET}-revoked`, ...admin, project, environment: 'production' };
    await must(api('DELETE', `/tokens/${(await issue(server, gone)).id}`));
    const sdk = await issue(server, { name: `${SECRET}-sdk`, kind: 'sdk', service: SECRET });
    const headers = { 'downhaul-instance': `${SECRET}-instance` };
    await must(sdk.api('GET', '/sdk/snapshot', undefined, headers));
  });
  afterAll(() => server.dispose());

  /** Asks about production; a change is asked of what is not there, so that it could be taken by nobody. */
  async function ask(route: string, token: Token, environment = 'production') {
    const [method = '', pattern = ''] = route.split(' ');
    const isChange = method !== 'GET';
    const names: Readonly<Record<string, string>> = {
      project: 'default',
      environment,
      flag: isChange ? 'nothing' : 'new-checkout',
      segment: environment === 'production' ? 'tenants' : 'testers',
      metric: isChange ? 'nothing' : 'http.error_rate',
      plan: 'nothing',
      token: 'nothing',
      instance: 'nothing',
      proof: environment === 'production' ? proof : 'staging/new-checkout@1',
    };
    const path = pattern.replaceAll(/:(\w+)/g, (_all, name: string) =>
      encodeURIComponent(names[name]!),
    );
    const isRoot = /^\/(healthz|readyz|metrics|v1\/)/.test(path);
    const query =
      pattern === '/log'
        ? '?limit=1000'
        : ROUTES[route] === 'sdk'
          ? `?environment=${environment}`
          : '';
    const given = tokens.get(token);
    const response = await fetch(`${server.url}${isRoot ? '' : '/api/v1'}${path}${query}`, {
      method,
      headers: {
        'downhaul-instance': 'i1',
        ...(given === undefined ? {} : { authorization: `Bearer ${given}` }),
      },
    });
    const { status } = response;
    if (pattern !== '/sdk/stream' || status !== 200) return { status, text: await response.text() };
    await response.body?.cancel();
    return { status, text: '' };
  }

  const table = Object.entries(ROUTES).map(([route, about]) => [route, about] as const);

  it.each(table)('%s, about production, is refused to every other scope', async (route, about) => {
    for (const token of TOKENS) {
      if (ANSWERED[about].includes(token)) continue;
      const before = await positionOf(server);
      const { status, text } = await ask(route, token);
      expect([token, status]).toEqual([token, token === 'none' ? 401 : 403]);
      expect(text).toMatch(/token_(missing|scope_mismatch|kind_refused)|segment_not_reached/);
      expect(text).not.toContain(SECRET);
      expect(await positionOf(server)).toBe(before);
    }
  });

  it.each(table)('%s shows nothing of production to who is not bound to it', async (route) => {
    for (const token of ['none', 'staging', 'other', 'sdk'] as const) {
      expect((await ask(route, token)).text).not.toContain(SECRET);
    }
  });

  it.each(table)('%s answers whom it is for', async (route, about) => {
    for (const token of ANSWERED[about]) {
      const { status, text } = await ask(route, token);
      expect([401, 403, 500], `${token}: ${text}`).not.toContain(status);
    }
    if (about !== 'environment' && about !== 'sdk') return;
    const { status, text } = await ask(route, about === 'sdk' ? 'sdk' : 'staging', 'staging');
    expect([401, 403, 500], text).not.toContain(status);
  });

  it('of production sees there what the others do not', async () => {
    const showing: string[] = [];
    for (const [route] of table.filter(([each]) => each.startsWith('GET'))) {
      if ((await ask(route, 'production')).text.includes(SECRET)) showing.push(route);
    }
    expect(showing).toEqual(
      expect.arrayContaining([
        'GET /log',
        'GET /projects/:project/flags/:flag',
        'GET /projects/:project/segments',
        'GET /projects/:project/segments/:segment',
        `GET ${HERE}/flags/:flag/rollout`,
        `GET ${HERE}/snapshot`,
        `GET ${HERE}/instances`,
      ]),
    );
  });

  it('of an environment reads in the log what is about it or above environments', async () => {
    interface Entry {
      readonly partial?: true;
      readonly body: { readonly type: string; readonly [member: string]: unknown };
    }
    const read = async (token: Token): Promise<readonly Entry[]> =>
      (JSON.parse((await ask('GET /log', token)).text) as { events: readonly Entry[] }).events;
    const shown = (entries: readonly Entry[]) =>
      entries.map(({ body, partial }) => `${body.type}${partial ? ' partial' : ''}`);
    expect(shown(await read('staging'))).toEqual([
      'projectCreated',
      'environmentCreated',
      'segmentPut partial',
      'segmentPut',
      'flagPut partial',
      'tokenIssued',
      'tokenIssued',
    ]);
    const production = shown(await read('production'));
    expect(production).toEqual(expect.arrayContaining(['flagDowned', 'tokenRevoked']));
    expect(production).not.toContain('rolloutStarted partial');
    // The whole server's: its own tokens stand in the log of `default`, and are not that project's.
    const all = await read('server');
    expect(all.every(({ partial }) => partial === undefined)).toBe(true);
    const names = (entries: readonly Entry[]) =>
      entries.flatMap(({ body }) => (body['token'] as { name?: string } | undefined)?.name ?? []);
    expect(names(all)).toContain('admin');
    expect(names(await read('project'))).not.toContain('admin');
    expect(names(await read('project'))).toContain('project');
    expect(shown(await read('other'))).toEqual(['projectCreated', 'tokenIssued']);
  });

  it('of an environment is told of another’s proof neither that it is there nor that it is not', async () => {
    const path = '/projects/default/proofs/';
    const api = apiOf(server.url, tokens.get('staging'));
    for (const id of [proof, 'production/new-checkout@1', 'production', '']) {
      const answer = await api('GET', `${path}${encodeURIComponent(id)}`);
      expect([403, 404, 400]).toContain(answer.status);
      if (id.includes('/')) expect(answer.body.code).toBe('token_scope_mismatch');
    }
  });
});
