import { connect } from 'node:net';
import { applyDelta, type Snapshot } from '@downhaul/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkoutFlag } from '../support/documents.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';
import { openSse, type Sse } from '../support/sse.ts';

describe('SDK streams', () => {
  let server: TestServer;
  let sdk: Awaited<ReturnType<typeof issue>>;
  const open: Sse[] = [];
  beforeEach(async () => {
    server = await startTestServer({ heartbeat: 50 });
    await putCheckout(server.api);
    sdk = await issue(server, { kind: 'sdk', service: 'storefront' });
  });
  afterEach(async () => {
    for (const stream of open.splice(0)) stream.close();
    await server.dispose();
  });

  const stream = async (query = '', headers: Record<string, string> = {}): Promise<Sse> => {
    const opened = await openSse(`${server.url}/api/v1/sdk/stream${query}`, {
      authorization: `Bearer ${sdk.token}`,
      'downhaul-instance': 'i1',
      ...headers,
    });
    open.push(opened);
    return opened;
  };
  const resume = ({ version, hash }: Snapshot) =>
    stream(`?hash=${hash}`, { 'last-event-id': String(version) });

  it('hangs up on a token that is revoked, and on no other', async () => {
    const other = await issue(server, { kind: 'sdk', service: 'pricing' });
    const [revoked, kept] = [
      await stream(),
      await stream('', { authorization: `Bearer ${other.token}` }),
    ];
    await must(server.api('DELETE', `/tokens/${sdk.id}`));
    await revoked.ended;
    const { body } = await must(server.api('POST', `${FLAG}/down`));
    await kept.first(({ event, data }) => event === 'delta' && data.version === body.version);
    expect(revoked.events.some(({ event }) => event === 'delta')).toBe(false);
  });

  it('says hello, sends everything, and then each change as a delta', async () => {
    const { events, first } = await stream();
    const { data: snapshot } = await first(({ event }) => event === 'snapshot');
    expect(events[0]).toMatchObject({
      event: 'hello',
      data: { heartbeatMs: 50, version: snapshot.version },
    });
    const { body } = await must(server.api('POST', `${FLAG}/down`));
    const { id, data: delta } = await first(({ event }) => event === 'delta');
    expect(id).toBe(body.version);
    const applied = applyDelta(snapshot, delta);
    expect(applied).toMatchObject({
      ok: true,
      snapshot: { flags: { 'new-checkout': { down: true } } },
    });
    await first(({ event, data }) => event === 'heartbeat' && data.version === body.version);
  });

  it('makes one version of a command with several events', async () => {
    const { first } = await stream();
    await first(({ event }) => event === 'snapshot');
    const { body } = await must(server.api('POST', `${FLAG}/rollout/start`));
    expect(body.events).toHaveLength(2);
    const { data } = await first(({ event }) => event === 'delta');
    expect(data.version).toBe(body.version);
    expect(data.set.flags['new-checkout'].rollout.allocations).toEqual([
      { sharePerMillion: 100_000 },
    ]);
  });

  it('leads a returning client on by one delta over all it missed', async () => {
    const before = await stream();
    const { data: snapshot } = await before.first(({ event }) => event === 'snapshot');
    before.close();
    await must(server.api('POST', `${FLAG}/rollout/start`));
    await must(server.api('POST', `${FLAG}/rollout/rollback`));
    await must(
      server.api('PUT', '/projects/default/segments/staff', {
        segment: 'staff',
        owner: 'o',
        if: { attribute: 'a', exists: true },
      }),
    );
    const after = await resume(snapshot);
    const { data: delta } = await after.first(({ event }) => event === 'delta');
    const applied = applyDelta(snapshot, delta);
    const { body: present } = await must(
      server.api('GET', '/projects/default/environments/production/snapshot'),
    );
    expect(applied).toEqual({ ok: true, snapshot: present });
    expect(after.events.filter(({ event }) => event === 'snapshot')).toEqual([]);
  });

  it('sends everything to a client whose version is not known by its hash', async () => {
    const before = await stream();
    const { data: snapshot } = await before.first(({ event }) => event === 'snapshot');
    await must(server.api('POST', `${FLAG}/down`));
    const after = await resume({ ...snapshot, hash: 'ffffffffffffffff' });
    const { data } = await after.first(({ event }) => event === 'snapshot');
    expect(data.flags['new-checkout'].down).toBe(true);
  });

  it('sends nothing but hello to a client that is up to date', async () => {
    const before = await stream();
    const { data: snapshot } = await before.first(({ event }) => event === 'snapshot');
    const after = await resume(snapshot);
    await after.first(({ event }) => event === 'heartbeat');
    expect(new Set(after.events.map(({ event }) => event))).toEqual(
      new Set(['hello', 'heartbeat']),
    );
  });

  it('keeps environments apart', async () => {
    const { first, events } = await stream();
    await first(({ event }) => event === 'snapshot');
    await must(server.api('POST', FLAG.replace('production', 'staging') + '/down'));
    await must(server.api('POST', `${FLAG}/down`));
    await first(({ event }) => event === 'delta');
    expect(events.filter(({ event }) => event === 'delta')).toHaveLength(1);
  });

  it('ends when the server stops, and goes on after it is back', async () => {
    const before = await stream();
    const { data: snapshot } = await before.first(({ event }) => event === 'snapshot');
    server = await server.restart();
    await before.ended;
    const after = await resume(snapshot);
    await after.first(({ event }) => event === 'heartbeat');
    expect(after.events.some(({ event }) => event === 'snapshot')).toBe(false);
  });

  it('cuts a client off that never reads, and serves the others meanwhile', async () => {
    const reader = await stream();
    const { hostname, port } = new URL(server.url);
    const deaf = connect(Number(port), hostname);
    deaf.write(
      `GET /api/v1/sdk/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${sdk.token}\r\n` +
        'downhaul-instance: deaf\r\n\r\n',
    );
    deaf.pause();
    const metric = async (name: string) => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    };
    await until(async () => (await metric('downhaul_streams_open')) === 2);
    let purpose = 0;
    await until(async () => {
      // Large changes fill whatever the system buffers for a client that does not read.
      purpose += 1;
      const rules = Array.from({ length: 200 }, (_, index) => ({
        name: `filler ${index}`,
        if: { attribute: 'a', equals: `${purpose} ${'x'.repeat(900)}` },
        serve: 'off',
      }));
      const environments = { production: { serve: 'off', rules }, staging: { serve: 'off' } };
      const flag = checkoutFlag({ environments });
      await must(server.api('PUT', '/projects/default/flags/new-checkout', flag));
      return (await metric('downhaul_streams_cut_off')) === 1;
    }, 14_000);
    deaf.destroy();
    const { body } = await must(server.api('POST', `${FLAG}/down`));
    await reader.first(({ id }) => id === body.version);
  });

  it('answers a poll, and 304 to who has it', async () => {
    const headers = { 'downhaul-instance': 'poller' };
    const first = await must(sdk.api('GET', '/sdk/snapshot', undefined, headers));
    const again = await sdk.api('GET', '/sdk/snapshot', undefined, {
      ...headers,
      'if-none-match': first.headers.get('etag')!,
    });
    expect(again.status).toBe(304);
    expect(again.body).toBe('');
    const instances = async () =>
      (await must(server.api('GET', '/projects/default/environments/production/instances'))).body
        .instances;
    await until(async () =>
      (await instances()).some(
        (each: { id: string; class: string; version: number }) =>
          each.id === 'poller' && each.class === 'polling' && each.version === first.body.version,
      ),
    );
  });

  it('needs the name of the instance', async () => {
    expect((await sdk.api('GET', '/sdk/snapshot')).body.code).toBe('instance_missing');
    expect((await sdk.api('GET', '/sdk/stream')).body.code).toBe('instance_missing');
  });
});
