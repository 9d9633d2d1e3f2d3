import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Snapshot, type SnapshotFlag, contentHash } from '@downhaul/engine';
import { OpenFeature } from '@openfeature/server-sdk';
import { describe, expect, it } from 'vitest';
import { afterTest, startClient, startServer } from '../support/clients.ts';
import { problem } from '../support/fake-server.ts';
import { booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const GOOD = booleanFlag('good', { serve: 'on' });
/** What a server would send that let a variant go which a rollout still names. */
const BROKEN: SnapshotFlag = rolloutFlag('broken', 50, { to: 'gone' });
const WHY = 'could not be read: rollout.to must be one of the variants on, off';

/** With the hash of what is in it, whatever that is. */
function sent(version: number, flags: readonly SnapshotFlag[]): Snapshot {
  const snapshot = snapshotOf(version, flags);
  return { ...snapshot, hash: contentHash(snapshot) };
}

describe('a flag that cannot be read', () => {
  it('is its code default, is named, and is never the end of the others', async () => {
    const server = await startServer(sent(1, [GOOD, BROKEN]));
    const client = startClient({ url: server.url });
    await OpenFeature.setProviderAndWait(client.provider);
    expect(client.boolean('good', false)).toBe(true);
    const details = await OpenFeature.getClient().getBooleanDetails('broken', true);
    expect(details).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'PARSE_ERROR',
      errorMessage: `the flag ${WHY}`,
    });
    expect(client.status()).toMatchObject({
      state: 'ready',
      version: 1,
      unreadable: { broken: WHY },
    });
    await until('the server knows', () => server.acknowledgements.length > 0);
    expect(server.acknowledgements[0]).toMatchObject({ version: 1, unreadable: ['broken'] });
    server.publish(sent(2, [booleanFlag('good', { serve: 'off' }), BROKEN]));
    await until('the next version is used', () => !client.boolean('good', true));
    server.publish(sent(3, [GOOD, booleanFlag('broken', { serve: 'on' })]));
    await until('it is mended', () => client.boolean('broken', false));
    await until('the server knows that too', () => server.acknowledgements.at(-1)?.version === 3);
    expect(server.acknowledgements.at(-1)).not.toHaveProperty('unreadable');
    expect(client.status().unreadable).toEqual({});
    await OpenFeature.clearProviders();
  });

  it('is never served as it was before, also where only its rollback cannot be read', async () => {
    const before = rolloutFlag('broken', 100);
    const server = await startServer(sent(1, [GOOD, before]));
    const client = startClient({ url: server.url });
    await client.ready();
    expect(client.boolean('broken', false, { targetingKey: 'ada' })).toBe(true);
    await until('the stream is open', () => server.openStreams === 1);
    server.publish(sent(2, [GOOD, BROKEN]));
    await until('the version is used', () => client.status().version === 2);
    expect(client.boolean('broken', false, { targetingKey: 'ada' })).toBe(false);
    expect(server.count('stream')).toBe(1);
  });

  it('is read from disk by the same rule', async () => {
    const cacheDirectory = await mkdtemp(join(tmpdir(), 'downhaul-unreadable-'));
    afterTest(() => rm(cacheDirectory, { recursive: true }));
    const server = await startServer(sent(1, [GOOD, BROKEN]));
    const options = { url: server.url, cacheDirectory, pollIntervalMs: 50 };
    const first = startClient(options, { writeEveryMs: 1 });
    await first.ready();
    await first.close();
    await server.stop();
    const second = startClient(options);
    await second.ready();
    expect(second.status()).toMatchObject({ state: 'stale', unreadable: { broken: WHY } });
    expect(second.boolean('good', false)).toBe(true);
    expect(second.details('broken', true)).toMatchObject({ value: true, errorCode: 'PARSE_ERROR' });
  });

  it('that a later engine knows may hold anything', async () => {
    const later = { ...BROKEN, key: 'later', capabilities: ['telepathy'] };
    const strange = { ...later, rollout: { measured: true, metrics: 5 }, requires: 7 };
    const server = await startServer(sent(1, [GOOD, strange as unknown as SnapshotFlag]));
    const client = startClient({ url: server.url });
    await client.ready();
    expect(client.boolean('good', false)).toBe(true);
    expect(client.details('later', true)).toMatchObject({ value: true, reason: 'DEFAULT' });
    expect(Object.keys(client.status().unreadable)).toEqual(['later']);
  });

  it('is told to the server before any report of that version, and in bounds', async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({ ...BROKEN, key: `broken-${index}` }));
    const server = await startServer(sent(1, [rolloutFlag('good', 100), ...many]));
    let isAway = true;
    server.faults.acknowledgements = (_, response) => {
      if (isAway) response.writeHead(503).end();
      return isAway;
    };
    const client = startClient({ url: server.url });
    await client.ready();
    expect(client.boolean('good', false, { targetingKey: 'ada' })).toBe(true);
    await until('it was tried again', () => server.count('acknowledgements') > 2);
    expect(server.reports).toEqual([]);
    isAway = false;
    await until('it is reported', () => server.exposures.length === 1);
    expect(server.acknowledgements[0]).toMatchObject({ unreadableMore: 150 });
    expect(server.acknowledgements[0]?.unreadable).toHaveLength(100);
  });

  it('does not keep a server of an earlier release from hearing of the version', async () => {
    const server = await startServer(sent(1, [GOOD, BROKEN]));
    let refusals = 0;
    server.faults.acknowledgements = (request, response) => {
      if (refusals > 0) return false;
      refusals += 1;
      request.resume();
      problem(response, 400, 'body_invalid');
      return true;
    };
    startClient({ url: server.url });
    await until('it is acknowledged', () => server.acknowledgements.length > 0);
    expect(server.acknowledgements[0]).toMatchObject({ version: 1 });
    expect(server.acknowledgements[0]).not.toHaveProperty('unreadable');
  });
});

describe('a snapshot that cannot be used at all', () => {
  const wrong = { ...snapshotOf(2, [GOOD]), hash: '0'.repeat(16) };

  it('is refused in so many words, once, until a later one is used', async () => {
    const server = await startServer(snapshotOf(1, [GOOD]));
    const client = startClient({ url: server.url, pollIntervalMs: 20 });
    await client.ready();
    await until('the stream is open', () => server.openStreams === 1);
    server.publish(wrong);
    const refusals = () => server.acknowledgements.filter((each) => each.refused !== undefined);
    await until('the server knows', () => refusals().length > 0);
    const asked = () => server.count('stream') + server.count('snapshot');
    const before = asked();
    await until('it has come again and again', () => asked() > before + 4);
    expect(refusals()).toMatchObject([
      { version: 1, refused: { version: 2, why: expect.stringMatching(/hash/) as string } },
    ]);
    expect(client.status()).toMatchObject({ version: 1, refused: { version: 2 } });
    expect(client.boolean('good', false)).toBe(true);
    server.snapshot = snapshotOf(3, [GOOD]);
    await until('a later one is used', () => client.status().version === 3);
    await until('the server knows that too', () => server.acknowledgements.at(-1)?.version === 3);
    expect(server.acknowledgements.at(-1)).not.toHaveProperty('refused');
    expect(client.status()).not.toHaveProperty('refused');
  });

  it('is refused by an instance that has nothing else, too', async () => {
    const server = await startServer(wrong);
    const client = startClient({ url: server.url, startTimeoutMs: 500, pollIntervalMs: 20 });
    await until('the server knows', () => server.acknowledgements.length > 0);
    expect(server.acknowledgements).toMatchObject([{ version: 0, refused: { version: 2 } }]);
    await client.ready();
    expect(client.boolean('good', false)).toBe(false);
  });
});
