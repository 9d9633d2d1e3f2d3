import type { Snapshot } from '@downhaul/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyReport, exposureOf } from '../support/report.ts';
import { apiOf, startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';

const headers = { 'downhaul-instance': 'i1' };

describe('telemetry', () => {
  let server: TestServer;
  let sdk: Awaited<ReturnType<typeof issue>>;
  let snapshot: Snapshot;
  beforeEach(async () => {
    server = await startTestServer();
    await putCheckout(server.api);
    await must(server.api('POST', `${FLAG}/rollout/start`));
    sdk = await issue(server, { kind: 'sdk', service: 'storefront' });
    snapshot = (await must(sdk.api('GET', '/sdk/snapshot', undefined, headers))).body;
  });
  afterEach(() => server.dispose());

  const send = (report: object) => sdk.api('POST', '/sdk/reports', report, headers);
  const instances = async () =>
    (await must(server.api('GET', '/projects/default/environments/production/instances'))).body
      .instances as Record<string, unknown>[];

  it('counts a report once, however often it is sent', async () => {
    const report = emptyReport({ exposures: [exposureOf(snapshot, 'u1')] });
    const first = await send(report);
    expect(first).toMatchObject({ status: 202, body: { accepted: 1, duplicate: false } });
    const again = await send(report);
    expect(again).toMatchObject({ status: 202, body: { duplicate: true } });
    server = await server.restart();
    sdk = { ...sdk, api: apiOf(server.url, sdk.token) };
    expect((await send(report)).body.duplicate).toBe(true);
    expect(await instances()).toMatchObject([{ id: 'i1', reportsReceived: 1 }]);
  });

  it('drops single items that cannot be, and says why', async () => {
    const soon = Date.now() + 3_600_000;
    const exposures = [
      exposureOf(snapshot, 'u1'),
      exposureOf(snapshot, 'u2', { atMs: soon }),
      exposureOf(snapshot, 'u3', { rollout: 'default/production/none#1' }),
      exposureOf(snapshot, 'u4', { flag: 'another' }),
      exposureOf(snapshot, 'u5', { arm: 'treatment', stage: 1 }),
      exposureOf(snapshot, 'u6', { arm: 'control' }),
      exposureOf(snapshot, 'u6', { arm: 'treatment' }),
    ];
    const { body } = await must(send(emptyReport({ exposures })));
    expect(body.droppedItems).toEqual({
      future: 1,
      rollout_unknown: 1,
      flag_unknown: 1,
      arm_impossible: 1,
      arm_contradicting: 1,
    });
    expect(body.accepted).toBe(2);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('downhaul_telemetry_items_dropped_total{cause="future"} 1');
    const { body: shown } = await must(server.api('GET', `${FLAG}/rollout`));
    expect(shown.droppedItems).toContainEqual({
      service: 'storefront',
      instance: 'i1',
      cause: 'arm_impossible',
      items: 1,
      sinceMs: expect.any(Number),
      lastAtMs: expect.any(Number),
    });
    const { body: checked } = await must(server.api('POST', `${FLAG}/rollout/check`));
    expect(checked.items).toContainEqual(expect.objectContaining({ code: 'telemetry_lost' }));
  });

  it('names a version of a log that was restored to an earlier state as what it is', async () => {
    const ahead = snapshot.version + 1_000;
    const exposures = [
      exposureOf(snapshot, 'u1', { version: ahead }),
      exposureOf(snapshot, 'u2', { version: ahead, stage: 1 }),
      exposureOf(snapshot, 'u3', { version: ahead, rollout: 'default/production/none#1' }),
    ];
    const { body } = await must(send(emptyReport({ version: ahead, exposures })));
    expect(body).toMatchObject({ accepted: 1, droppedItems: { version_unknown: 2 } });
  });

  it('refuses what is no report as a whole, with the place', async () => {
    const answer = await send(emptyReport({ exposures: [{ flag: 7 }] }));
    expect(answer).toMatchObject({ status: 400, body: { code: 'telemetry_invalid' } });
    expect(answer.body.path).toContain('/exposures/0');
    expect((await send(emptyReport({ sequence: 0 }))).status).toBe(400);
    const stranger = await sdk.api(
      'POST',
      '/sdk/reports',
      emptyReport({ instance: 'i2' }),
      headers,
    );
    expect(stranger.body.code).toBe('instance_missing');
    expect(await instances()).not.toContainEqual(expect.objectContaining({ reportsReceived: 1 }));
  });

  it('knows which version an instance uses, and when it leaves', async () => {
    const acknowledgement = {
      instance: 'i1',
      version: snapshot.version,
      sdk: { name: 'test', version: '1', formatVersion: 1 },
      capabilities: ['rollout'],
      reportsExposures: true,
      sentAtMs: Date.now(),
    };
    await must(sdk.api('POST', '/sdk/acknowledgements', acknowledgement, headers));
    expect(await instances()).toMatchObject([
      { id: 'i1', class: 'acking', live: true, version: snapshot.version, sdk: 'test 1' },
    ]);
    const { body } = await must(server.api('GET', `${FLAG}/rollout`));
    expect(body.instances).toMatchObject({ live: 1, reached: 1, missing: [] });
    await must(server.api('POST', `${FLAG}/rollout/pause`));
    await must(sdk.api('POST', '/sdk/goodbyes', { instance: 'i1', lastSequence: 0 }, headers));
    expect(await instances()).toMatchObject([{ live: false, left: { why: 'goodbye' } }]);
  });

  it('proves nothing by a version that the log does not have yet', async () => {
    const ahead = snapshot.version + 1_000;
    const acknowledgement = {
      instance: 'i1',
      version: ahead,
      sdk: { name: 'test', version: '1', formatVersion: 1 },
      capabilities: [],
      reportsExposures: true,
      sentAtMs: Date.now(),
    };
    const refused = await sdk.api('POST', '/sdk/acknowledgements', acknowledgement, headers);
    expect(refused).toMatchObject({ status: 404, body: { code: 'version_unknown' } });
    await must(send(emptyReport({ version: ahead })));
    await must(send(emptyReport({ version: ahead, sequence: 2 })));
    await must(server.api('POST', `${FLAG}/rollout/rollback`));
    const { body } = await must(server.api('GET', `${FLAG}/proof`));
    const [reached] = body.clocks;
    expect(reached).toMatchObject({ clock: 'reached', missing: [{ name: 'i1' }] });
  });

  it('names who is missing in a proof until an operator retires it', async () => {
    const acknowledgement = {
      instance: 'i1',
      version: snapshot.version,
      sdk: { name: 'test', version: '1', formatVersion: 1 },
      capabilities: ['rollout'],
      reportsExposures: true,
      sentAtMs: Date.now(),
    };
    await must(sdk.api('POST', '/sdk/acknowledgements', acknowledgement, headers));
    await must(server.api('POST', `${FLAG}/rollout/rollback`));
    const reached = async () => (await must(server.api('GET', `${FLAG}/proof`))).body.clocks[0];
    expect(await reached()).toMatchObject({ outcome: 'pending', missing: [{ name: 'i1' }] });
    const retire = (id: string) =>
      server.api('POST', `/projects/default/environments/production/instances/${id}/retire`);
    expect((await retire('nobody')).body.code).toBe('instance_unknown');
    await must(retire('i1'));
    await until(async () => (await reached()).outcome === 'proven');
  });

  it('shows what an instance cannot read and refuses, and says so in proofs', async () => {
    const acknowledgement = {
      instance: 'i1',
      version: snapshot.version,
      sdk: { name: 'test', version: '1', formatVersion: 1 },
      capabilities: ['rollout'],
      reportsExposures: true,
      sentAtMs: Date.now(),
      unreadable: ['new-checkout'],
      refused: { version: snapshot.version + 1, why: 'hash must be another' },
    };
    await must(sdk.api('POST', '/sdk/acknowledgements', acknowledgement, headers));
    expect(await instances()).toMatchObject([
      {
        version: snapshot.version,
        unreadable: { flags: ['new-checkout'], more: 0 },
        refused: { version: snapshot.version + 1, why: 'hash must be another' },
      },
    ]);
    const tooMany = Array.from({ length: 101 }, (_, index) => `flag-${index}`);
    const refused = { ...acknowledgement, unreadable: tooMany };
    expect(await sdk.api('POST', '/sdk/acknowledgements', refused, headers)).toMatchObject({
      status: 400,
    });
    const { body } = await must(server.api('POST', `${FLAG}/rollout/rollback`));
    const reached = async () => (await must(server.api('GET', `${FLAG}/proof`))).body.clocks[0];
    expect((await reached()).missing).toMatchObject([
      { name: 'i1', why: expect.stringContaining('refuses version') as string },
    ]);
    const later = { ...acknowledgement, version: body.version, refused: undefined };
    await must(sdk.api('POST', '/sdk/acknowledgements', later, headers));
    expect((await reached()).statement).toContain('Cannot read new-checkout');
    const mended = { ...later, unreadable: undefined };
    await must(sdk.api('POST', '/sdk/acknowledgements', mended, headers));
    const [shown] = await instances();
    expect(shown).not.toHaveProperty('unreadable');
    expect(shown).not.toHaveProperty('refused');
  });
});
