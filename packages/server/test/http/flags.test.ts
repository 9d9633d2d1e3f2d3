import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkoutFlag, unguardedPlan } from '../support/documents.ts';
import { type Api, startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, positionOf, putCheckout } from '../support/setup.ts';
import { openSse } from '../support/sse.ts';

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
    const adminId = server.adminToken.split('_')[2];
    expect(event).toMatchObject({
      justification: 'weil es eilt ✓',
      body: { correlationId: 'c1', actor: { kind: 'person', id: adminId, name: 'admin' } },
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

  it('overrides no unit with a variant that there is not', async () => {
    const answer = await api('PUT', `${FLAG}/overrides`, [{ unit: 'ada', variant: 'blue' }]);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'flag_variant_unknown', accepted: 'on, off' },
    });
    expect((await must(api('GET', path))).body.environments.production.overrides).toBe(0);
  });

  it('raises nobody at once by a flag or a segment without being asked for it, and says whom', async () => {
    const why = { justification: 'measured%20since%20Monday' };
    const segment = (condition: object) => ({ segment: 'beta', owner: 'ops', if: condition });
    const named = segment({ attribute: 'tenant', in: ['acme'] });
    await must(api('PUT', '/projects/default/segments/beta', named));
    const rules = [{ name: 'beta', if: { segment: 'beta' }, serve: 'on' }];
    const staging = { serve: 'off' };
    const ruled = (list: object[]) =>
      checkoutFlag({ environments: { production: { serve: 'off', rules: list }, staging } });
    await must(api('PUT', path, ruled(rules)));
    const everyone = segment({ attribute: 'targetingKey', exists: true });
    const refused = await api('PUT', '/projects/default/segments/beta', everyone);
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'flag_raise_at_once',
        path: '/if',
        details: { effects: [{ flag: 'new-checkout', does: 'raises', units: 'everyone' }] },
      },
    });
    await must(api('PUT', '/projects/default/segments/beta?atOnce=true', everyone, why));
    const split = { name: 'all', if: { all: [] }, serve: 'on' };
    expect(
      await api('PUT', path, ruled([{ ...split, if: { not: { segment: 'none' } } }])),
    ).toMatchObject({
      body: { code: 'segment_unknown' },
    });
    await must(api('PUT', '/projects/default/segments/beta', named));
    const raised = await api('PUT', path, ruled([split]));
    expect(raised.body).toMatchObject({
      code: 'flag_raise_at_once',
      path: '/environments/production/rules/0',
    });
    await must(api('PUT', `${path}?atOnce=true`, ruled([split]), why));
  });

  it('archives a flag that live instances may evaluate only when asked, and names them', async () => {
    const bound = { kind: 'sdk', project: 'default', environment: 'production', service: 'shop' };
    const { token } = await issue(server, bound);
    const stream = await openSse(`${server.url}/api/v1/sdk/stream`, {
      authorization: `Bearer ${token}`,
      'downhaul-instance': 'pod-1',
    });
    const refused = await until(async () => {
      const { body } = await api('GET', '/projects/default/environments/production/instances');
      return body.instances.length > 0 && (await api('DELETE', path));
    });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'flag_archive_in_use', details: { evaluatedBy: ['shop/pod-1'] } },
    });
    const why = { justification: 'the%20code%20is%20gone' };
    await must(api('DELETE', `${path}?atOnce=true`, undefined, why));
    stream.close();
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
