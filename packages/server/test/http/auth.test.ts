import { readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unguardedPlan } from '../support/documents.ts';
import { apiOf, startTestServer, type TestServer } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';

describe('tokens', () => {
  let server: TestServer;
  let lines: string[];
  beforeEach(async () => {
    lines = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    server = await startTestServer({ logLevel: 'trace' }, { logStream });
    await putCheckout(server.api);
  });
  afterEach(() => server.dispose());

  it('makes the first admin token once, for its owner alone', async () => {
    const { adminTokenFile, adminToken } = server.running;
    expect(readFileSync(adminTokenFile, 'utf8').trim()).toBe(adminToken);
    expect(statSync(adminTokenFile).mode & 0o777).toBe(0o600);
    server = await server.restart();
    expect(server.running.adminToken).toBeUndefined();
    await must(server.api('GET', '/tokens'));
  });

  it.each([
    ['none', undefined, 'token_missing'],
    ['another form', 'hello', 'token_invalid'],
    [
      'a wrong secret',
      (good: string) => `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`,
      'token_invalid',
    ],
    ['another kind', (good: string) => good.replace('dh_admin_', 'dh_person_'), 'token_invalid'],
  ])('refuses %s with 401', async (_name, token, code) => {
    const text = typeof token === 'function' ? token(server.adminToken) : token;
    const answer = await apiOf(server.url, text)('GET', '/projects');
    expect(answer).toMatchObject({ status: 401, body: { code } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('binds a token to its project and environment', async () => {
    const staging = await issue(server, {
      kind: 'service',
      project: 'default',
      environment: 'staging',
      rights: ['change'],
    });
    const elsewhere = await staging.api('POST', `${FLAG}/down`);
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'token_scope_mismatch' } });
    await must(staging.api('POST', FLAG.replace('production', 'staging') + '/down'));
    expect((await staging.api('PUT', '/projects/default/flags/new-checkout', {})).status).toBe(403);
    await must(staging.api('GET', '/projects/default/flags'));
  });

  it.each([
    ['PUT', '/projects/default/flags/new-checkout?environment=staging', {}],
    ['PUT', '/projects/default/segments/staff?environment=staging', {}],
    ['POST', '/tokens?project=default&environment=staging', { name: 'x', kind: 'admin' }],
    ['GET', '/tokens?project=default&environment=staging', undefined],
    ['POST', '/backup?project=default&environment=staging', undefined],
  ])('takes no place from the query: %s %s', async (method, path, body) => {
    const bound = await issue(server, {
      kind: 'person',
      project: 'default',
      environment: 'staging',
      rights: ['admin'],
    });
    const answer = await bound.api(method, path, body);
    expect(answer).toMatchObject({ status: 403, body: { code: 'token_scope_mismatch' } });
  });

  it('shows a project’s token only the log of that project', async () => {
    await must(server.api('PUT', '/projects/other'));
    const other = await issue(server, { kind: 'person', project: 'other', rights: ['view'] });
    const { body } = await must(other.api('GET', '/log?limit=1000'));
    expect(
      new Set(body.events.map((each: { body: { project: string } }) => each.body.project)),
    ).toEqual(new Set(['other']));
    expect((await must(other.api('GET', '/projects'))).body.projects).toHaveLength(1);
  });

  it('keeps SDK tokens to SDK routes, and all others away from them', async () => {
    const sdk = await issue(server, { kind: 'sdk' });
    expect((await sdk.api('GET', '/projects')).body.code).toBe('token_kind_refused');
    const headers = { 'downhaul-instance': 'i1' };
    expect((await server.api('GET', '/sdk/snapshot', undefined, headers)).body.code).toBe(
      'token_kind_refused',
    );
    await must(sdk.api('GET', '/sdk/snapshot', undefined, headers));
    const other = await sdk.api('GET', '/sdk/snapshot?environment=staging', undefined, headers);
    expect(other).toMatchObject({ status: 403, body: { code: 'token_scope_mismatch' } });
  });

  it('refuses a revoked token from then on', async () => {
    const person = await issue(server, { kind: 'person' });
    await must(person.api('GET', '/projects'));
    await must(server.api('DELETE', `/tokens/${person.id}`));
    expect((await person.api('GET', '/projects')).status).toBe(401);
  });

  it('needs the right for what it does', async () => {
    const viewer = await issue(server, { kind: 'person', rights: ['view'] });
    expect((await viewer.api('DELETE', '/projects/default/flags/new-checkout')).body.code).toBe(
      'token_right_missing',
    );
    const changer = await issue(server, { kind: 'person', rights: ['change'] });
    expect((await changer.api('POST', '/tokens', { name: 'x', kind: 'admin' })).body.code).toBe(
      'token_right_missing',
    );
    expect((await changer.api('POST', '/backup')).status).toBe(403);
  });

  it('acts by the id of its token, with its name beside it', async () => {
    const [first, second] = [
      await issue(server, { kind: 'person', name: 'alex', rights: ['change'] }),
      await issue(server, { kind: 'person', name: 'alex', rights: ['change'] }),
    ];
    for (const { api } of [first, second]) {
      await must(api('POST', `${FLAG}/down`));
      await must(api('POST', `${FLAG}/up`));
    }
    const { body } = await must(server.api('GET', '/log?subject=default/flag:new-checkout'));
    const downs = body.events.filter(
      (each: { body: { type: string } }) => each.body.type === 'flagDowned',
    );
    expect(downs.map((each: { body: { actor: object } }) => each.body.actor)).toEqual([
      { kind: 'person', id: first.id, name: 'alex' },
      { kind: 'person', id: second.id, name: 'alex' },
    ]);
  });

  it('has idempotency keys of its own, whatever other tokens are called', async () => {
    const key = { 'idempotency-key': 'once' };
    const [first, second] = [
      await issue(server, { kind: 'person', name: 'alex', rights: ['change'] }),
      await issue(server, { kind: 'person', name: 'alex', rights: ['change'] }),
    ];
    const put = (token: typeof first, plan: string) =>
      token.api('PUT', `/projects/default/plans/${plan}`, unguardedPlan({ plan }), key);
    const made = await must(put(first, 'one'));
    // Another command under the key of another token is no reuse, and the same one is no replay.
    expect((await must(put(second, 'two'))).body.changed).toBe(true);
    expect((await must(put(first, 'one'))).body).toEqual(made.body);
    expect((await put(first, 'two')).body.code).toBe('idempotency_key_reused');
    // A rotation is another token.
    await must(server.api('DELETE', `/tokens/${first.id}`));
    const rotated = await issue(server, { kind: 'person', name: 'alex', rights: ['change'] });
    expect((await must(put(rotated, 'three'))).body.changed).toBe(true);
  });

  it('shows a secret once: not in lists, log, answers to retries or log lines', async () => {
    const key = { 'idempotency-key': 'issue-once' };
    const first = await must(server.api('POST', '/tokens', { name: 'ci', kind: 'service' }, key));
    const secret = String(first.body.token).split('_').at(-1)!;
    expect(first.status).toBe(201);
    const retry = await must(server.api('POST', '/tokens', { name: 'ci', kind: 'service' }, key));
    expect(retry.body).toMatchObject({ token: null, id: first.body.id });
    const shown = [
      await must(server.api('GET', '/tokens')),
      await must(server.api('GET', '/log?limit=1000')),
    ];
    expect(JSON.stringify(shown.map(({ body }) => body))).not.toContain(secret);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).not.toContain(server.adminToken.split('_').at(-1));
  });
});
