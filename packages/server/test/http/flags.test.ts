import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkoutFlag, unguardedPlan } from '../support/documents.ts';
import { type Api, startTestServer, type TestServer } from '../support/server.ts';
import { FLAG, must, positionOf, putCheckout } from '../support/setup.ts';

const path = '/projects/default/flags/new-checkout';

describe('flags over HTTP', () => {
  let server: TestServer;
  let api: Api;
  beforeEach(async () => {
    server = await startTestServer();
    api = server.api;
    await putCheckout(api);
  });
  afterEach(() => server.dispose());

  it('keeps a document with its defaults filled in', async () => {
    const { body, headers } = await must(api('GET', path));
    expect(body.definition).toMatchObject({ key: 'new-checkout', safe: 'off', conflicts: [] });
    expect(body.environments.production).toMatchObject({ down: false, overrides: 0 });
    expect(headers.get('etag')).toBe(`"${body.version}"`);
    const list = await must(api('GET', '/projects/default/flags'));
    expect(list.body.flags).toMatchObject([{ key: 'new-checkout', archived: false }]);
  });

  it('changes nothing for an unchanged document', async () => {
    const before = await positionOf(server);
    const { body } = await must(api('PUT', path, checkoutFlag()));
    expect(body).toMatchObject({ changed: false, events: [] });
    expect(await positionOf(server)).toBe(before);
  });

  it('refuses a change of what somebody else changed meanwhile, and says what', async () => {
    const { body: read } = await must(api('GET', path));
    await must(api('PUT', path, checkoutFlag({ purpose: 'another' })));
    const ifMatch = { 'if-match': `"${read.version}"` };
    const late = await api('PUT', path, checkoutFlag({ purpose: 'a third' }), ifMatch);
    expect(late).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    expect(late.body.details.moved[0]).toMatchObject({ expected: read.version });
    expect((await must(api('GET', path))).body.definition.purpose).toBe('another');
  });

  it('answers a retry as the first time, and refuses its key for another command', async () => {
    const key = { 'idempotency-key': 'one-change' };
    const first = await must(api('PUT', path, checkoutFlag({ purpose: 'new' }), key));
    expect(first.headers.get('idempotency-key')).toBe('one-change');
    await must(api('PUT', path, checkoutFlag({ purpose: 'newer' })));
    const retry = await must(api('PUT', path, checkoutFlag({ purpose: 'new' }), key));
    expect(retry.body).toEqual(first.body);
    expect((await must(api('GET', path))).body.definition.purpose).toBe('newer');
    const other = await api('PUT', path, checkoutFlag({ purpose: 'other' }), key);
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
  });

  it('answers a retry after a restart', async () => {
    const key = { 'idempotency-key': 'one-change' };
    const first = await must(api('PUT', path, checkoutFlag({ purpose: 'new' }), key));
    server = await server.restart();
    const retry = await must(server.api('PUT', path, checkoutFlag({ purpose: 'new' }), key));
    expect(retry.body).toEqual(first.body);
  });

  it('keeps the justification outside the chain and the correlation in the event', async () => {
    const headers = { justification: encodeURIComponent('weil es eilt ✓'), 'correlation-id': 'c1' };
    const changed = await must(api('PUT', path, checkoutFlag({ purpose: 'x' }), headers));
    expect(changed.headers.get('correlation-id')).toBe('c1');
    const { body } = await must(api('GET', '/log?subject=default/flag:new-checkout'));
    const event = body.events.at(-1);
    expect(event).toMatchObject({
      justification: 'weil es eilt ✓',
      body: { correlationId: 'c1', actor: { kind: 'person', id: 'admin' } },
    });
    expect(JSON.stringify(event.body)).not.toContain('eilt');
  });

  it('archives a flag and never gives its key again', async () => {
    await must(api('DELETE', path));
    expect((await must(api('GET', '/projects/default/flags'))).body.flags).toEqual([]);
    const archived = await must(api('GET', '/projects/default/flags?archived=true'));
    expect(archived.body.flags).toMatchObject([{ archived: true }]);
    expect((await api('PUT', path, checkoutFlag())).body.code).toBe('flag_archived');
  });

  it('overrides single units without keeping who they are in the log', async () => {
    const units = [
      { unit: 'alice@acme.test', variant: 'on' },
      { unit: 'bob@acme.test', variant: 'on' },
    ];
    await must(api('PUT', `${FLAG}/overrides`, units));
    await must(api('PUT', `${FLAG}/overrides`, [{ unit: 'bob@acme.test', variant: null }]));
    const explained = async (targetingKey: string) =>
      (await must(api('POST', `${FLAG}/explain`, { context: { targetingKey } }))).body.explanation;
    expect((await explained('alice@acme.test')).evaluation.variant).toBe('on');
    expect((await explained('bob@acme.test')).evaluation.variant).toBe('off');
    const log = await must(api('GET', '/log?limit=1000'));
    expect(JSON.stringify(log.body)).not.toContain('alice');
    const again = await must(api('PUT', `${FLAG}/overrides`, [units[0]]));
    expect(again.body.changed).toBe(false);
    server = await server.restart();
    const { body } = await must(
      server.api('GET', '/projects/default/environments/production/snapshot'),
    );
    expect(Object.values(body.flags['new-checkout'].overrides)).toEqual(['on']);
  });

  it('explains an earlier version from the log', async () => {
    const { body: before } = await must(api('GET', path));
    await must(api('POST', `${FLAG}/down`));
    const ask = { context: { targetingKey: 'u7' }, atVersion: before.version };
    const then = await must(api('POST', `${FLAG}/explain`, ask));
    expect(then.body).toMatchObject({
      version: before.version,
      explanation: { decidedBy: 'serve' },
    });
    const now = await must(api('POST', `${FLAG}/explain`, { context: { targetingKey: 'u7' } }));
    expect(now.body.explanation.details.down).toBe(true);
    expect(now.body.text[0]).toContain('new-checkout');
    const never = await api('POST', `${FLAG}/explain`, { ...ask, atVersion: 1_000_000 });
    expect(never).toMatchObject({ status: 404, body: { code: 'version_unknown' } });
  });

  it('keeps segments, plans, projects and environments', async () => {
    const segment = { segment: 'staff', owner: 'ops', if: { attribute: 'email', endsWith: '@x' } };
    await must(api('PUT', '/projects/default/segments/staff', segment));
    expect((await must(api('GET', '/projects/default/segments/staff'))).body.owner).toBe('ops');
    await must(api('DELETE', '/projects/default/segments/staff'));
    expect((await api('GET', '/projects/default/segments/staff')).status).toBe(404);
    const plans = await must(api('GET', '/projects/default/plans'));
    expect(plans.body.plans).toMatchObject([{ plan: { key: 'canary' } }]);
    await must(api('PUT', '/projects/other'));
    const environment = { owner: 'team', order: 3 };
    await must(api('PUT', '/projects/other/environments/lab', environment));
    const repeated = await must(api('PUT', '/projects/other/environments/lab', environment));
    expect(repeated.body.changed).toBe(false);
    const { body } = await must(api('GET', '/projects/other/environments'));
    expect(body.environments).toMatchObject([{ key: 'lab', owner: 'team', order: 3 }]);
    await must(api('PUT', '/projects/other/plans/canary', unguardedPlan()));
  });
});
