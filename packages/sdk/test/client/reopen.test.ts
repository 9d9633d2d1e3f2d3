import { channel } from 'node:diagnostics_channel';
import { OpenFeature, ProviderEvents, ServerProviderStatus } from '@openfeature/server-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { DownhaulClosedError } from '../../src/client/closed-error.ts';
import { createTestDownhaul } from '../../src/testing/create-test-downhaul.ts';
import { type TestClient, startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

afterEach(() => OpenFeature.clearProviders());

const ON = booleanFlag('flag', { serve: 'on' });
const OFF = booleanFlag('flag', { serve: 'off', version: 2 });

async function start(options: Parameters<typeof startClient>[0] = {}) {
  const server: FakeServer = await startServer(snapshotOf(1, [ON]));
  const client: TestClient = startClient({ url: server.url, ...options });
  return { server, client, provider: client.provider };
}

/** The ways in which OpenFeature closes a provider and lets go of it. */
const CLOSINGS: Readonly<Record<string, () => Promise<unknown>>> = {
  'OpenFeature.clearProviders()': () => OpenFeature.clearProviders(),
  'another provider': () => OpenFeature.setProviderAndWait(createTestDownhaul().provider),
};

describe('a provider that was closed and is set again', () => {
  for (const [name, close] of Object.entries(CLOSINGS)) {
    it(`starts anew after ${name}: as another instance, with the present flags, for good`, async () => {
      const { server, client, provider } = await start();
      await OpenFeature.setProviderAndWait(provider);
      const { instance } = client.status();
      await close();
      await until('it said goodbye', () => server.goodbyes.length === 1);
      server.publish(snapshotOf(2, [OFF]));
      await OpenFeature.setProviderAndWait(provider);
      const flags = OpenFeature.getClient();
      expect(await flags.getBooleanDetails('flag', true)).toMatchObject({ value: false });
      expect(client.status()).toMatchObject({ state: 'ready', version: 2 });
      const again = client.status().instance;
      expect(again).not.toBe(instance);
      const acked = () => server.acknowledgements.filter((each) => each.instance === again);
      await until('the server hears of it', () => acked().length > 0);
      await until('its stream is open', () => server.openStreams === 1);
      const reported = () => server.reports.some((each) => each.instance === again);
      await until('it reports, from its first number', reported);
      expect(server.reports.find((each) => each.instance === again)).toMatchObject({ sequence: 1 });
      server.publish(snapshotOf(3, [ON]));
      await until('it follows the stream', () => client.status().version === 3);
      expect(await flags.getBooleanValue('flag', false)).toBe(true);
      expect(server.goodbyes.map((each) => each.instance)).toEqual([instance]);
    });
  }

  it('also when it is set again while it is still closing', async () => {
    const { server, client, provider } = await start();
    await OpenFeature.setProviderAndWait(provider);
    const { instance } = client.status();
    const closing = client.close();
    await Promise.all([closing, provider.initialize?.({})]);
    expect(client.status()).toMatchObject({ state: 'ready', version: 1 });
    expect(client.status().instance).not.toBe(instance);
    expect(server.goodbyes.map((each) => each.instance)).toEqual([instance]);
  });

  it('refuses where OpenFeature goes on with it without a word, as after `OpenFeature.close()`', async () => {
    const { server, client, provider } = await start();
    await OpenFeature.setProviderAndWait(provider);
    const errors: unknown[] = [];
    OpenFeature.addHandler(ProviderEvents.Error, (details) => void errors.push(details?.message));
    await OpenFeature.close();
    // It is still set: OpenFeature ignores this call, and initializes nothing.
    await OpenFeature.setProviderAndWait(provider);
    const flags = OpenFeature.getClient();
    await until('its status says so', () => flags.providerStatus === ServerProviderStatus.ERROR);
    expect(errors).toEqual(['the client is closed']);
    expect(await flags.getBooleanDetails('flag', false)).toMatchObject({
      value: false,
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
      errorMessage: 'the client is closed',
    });
    expect(client.status().state).toBe('closed');
    expect(server.openStreams).toBe(0);
  });

  it('three times over', async () => {
    const { server, client, provider } = await start();
    const names = new Set<string>();
    for (let time = 0; time < 3; time++) {
      await OpenFeature.setProviderAndWait(provider);
      names.add(client.status().instance);
      expect(client.boolean('flag', false)).toBe(true);
      await OpenFeature.clearProviders();
      expect(client.boolean('flag', false)).toBe(false);
    }
    expect(names.size).toBe(3);
    expect(server.goodbyes.map((each) => each.instance)).toEqual([...names]);
  });

  it('without its server: in ERROR, and never with values of before', async () => {
    const { server, client, provider } = await start({ startTimeoutMs: 300, pollIntervalMs: 50 });
    await OpenFeature.setProviderAndWait(provider);
    await OpenFeature.clearProviders();
    await server.stop();
    const errors: unknown[] = [];
    OpenFeature.addHandler(ProviderEvents.Error, (details) => void errors.push(details));
    await OpenFeature.setProviderAndWait(provider);
    expect(client.status().state).not.toBe('ready');
    expect(client.boolean('flag', false)).toBe(false);
    await until('it is announced', () => errors.length > 0);
  });

  it('announces what happens to it in its second life too', async () => {
    const { server, provider } = await start();
    await OpenFeature.setProviderAndWait(provider);
    await OpenFeature.clearProviders();
    await OpenFeature.setProviderAndWait(provider);
    const changes: unknown[] = [];
    OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
      changes.push(details?.flagsChanged);
    });
    await until('its stream is open', () => server.openStreams === 1);
    server.publish(snapshotOf(2, [OFF]));
    await until('it is announced', () => changes.length > 0);
    expect(changes[0]).toEqual(['flag']);
  });

  it('of a test serves its values again', async () => {
    const downhaul = createTestDownhaul({ flag: true });
    await OpenFeature.setProviderAndWait(downhaul.provider);
    await OpenFeature.clearProviders();
    downhaul.set('other', true);
    expect(downhaul.boolean('flag', false)).toBe(false);
    await OpenFeature.setProviderAndWait(downhaul.provider);
    const flags = OpenFeature.getClient();
    expect(await flags.getBooleanValue('flag', false)).toBe(true);
    expect(await flags.getBooleanValue('other', false)).toBe(true);
  });
});

describe('initialize', () => {
  it('twice is one start', async () => {
    const { server, client, provider } = await start();
    await Promise.all([provider.initialize?.({}), provider.initialize?.({})]);
    await until('its stream is open', () => server.openStreams === 1);
    await provider.initialize?.({});
    expect(server.count('stream')).toBe(1);
    expect(client.status().state).toBe('ready');
  });

  it('twice while it closes is one start', async () => {
    const { server, client, provider } = await start();
    await client.ready();
    void client.close();
    await Promise.all([provider.initialize?.({}), provider.initialize?.({})]);
    await until('its stream is open', () => server.openStreams === 1);
    const names = () => new Set(server.acknowledgements.map((each) => each.instance)).size;
    await until('both lives are known', () => names() === 2);
    expect(server.openStreams).toBe(1);
  });

  it('that is overtaken by a close rejects, so that nothing closed is called READY', async () => {
    const { server, client, provider } = await start();
    server.faults.stream = () => true;
    server.faults.snapshot = () => true;
    const setting = OpenFeature.setProviderAndWait(provider);
    const refused = expect(setting).rejects.toBeInstanceOf(DownhaulClosedError);
    await client.close();
    await refused;
    expect(client.status().state).toBe('closed');
    await expect(setting).rejects.toMatchObject({ code: 'DOWNHAUL_CLOSED' });
  });

  it('that waits for a closing is overtaken by another close, too', async () => {
    const { client, provider } = await start();
    await client.ready();
    const first = client.close();
    const opening = provider.initialize?.({});
    const refused = expect(opening).rejects.toBeInstanceOf(DownhaulClosedError);
    await Promise.all([first, client.close(), refused]);
    expect(client.status().state).toBe('closed');
  });

  it('is called once for two domains, and closed with the last of them', async () => {
    const { server, client, provider } = await start();
    await OpenFeature.setProviderAndWait('a', provider);
    await OpenFeature.setProviderAndWait('b', provider);
    await OpenFeature.setProviderAndWait('a', createTestDownhaul().provider);
    expect(client.status().state).toBe('ready');
    expect(await OpenFeature.getClient('b').getBooleanValue('flag', false)).toBe(true);
    await OpenFeature.setProviderAndWait('b', createTestDownhaul().provider);
    await until('it said goodbye', () => server.goodbyes.length === 1);
    await client.close();
    expect(client.status().state).toBe('closed');
  });
});

describe('a client that is closed', () => {
  it('serves code defaults, says why, and counts nothing', async () => {
    const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100)]));
    const client = startClient({ url: server.url });
    await client.ready();
    expect(client.run({ targetingKey: 'ada' }, () => client.boolean('flag', false))).toBe(true);
    await client.close();
    expect(client.details('flag', false, { targetingKey: 'bob' })).toMatchObject({
      value: false,
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
      errorMessage: 'the client is closed',
    });
    expect(client.run({ targetingKey: 'bob' }, () => client.boolean('flag', false))).toBe(false);
    expect(await client.guarded('flag', { treatment: () => 1, control: () => 0 })).toBe(0);
    client.track('anything');
    expect(client.outgoingHeaders()).toEqual({});
    await client.ready();
    expect(client.status()).toMatchObject({ state: 'closed', version: undefined, source: 'none' });
    expect(server.exposures).toHaveLength(1);
    expect(server.goodbyes).toMatchObject([{ lastSequence: server.reports.at(-1)?.sequence }]);
  });

  it('is closed once, however often it is asked', async () => {
    const { server, client } = await start();
    await client.ready();
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(server.goodbyes).toHaveLength(1);
  });

  it('before it was ever ready never becomes ready', async () => {
    const { server, client } = await start();
    await client.close();
    await client.ready();
    expect(client.status()).toMatchObject({ state: 'closed', version: undefined });
    expect(client.boolean('flag', false)).toBe(false);
    expect(server.openStreams).toBe(0);
  });

  it('takes no answer that comes late', async () => {
    const { server, client } = await start({ pollIntervalMs: 20 });
    server.faults.stream = (_, response) => void response.writeHead(503).end() === undefined;
    await client.ready();
    let answer: (() => void) | undefined;
    server.faults.snapshot = (_, response) => {
      answer ??= () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(snapshotOf(2, [ON])));
      };
      return true;
    };
    server.faults.goodbyes = (_, response) => {
      answer?.();
      setTimeout(() => response.writeHead(204).end(), 50);
      return true;
    };
    await until('a poll is under way', () => answer);
    await client.close();
    expect(client.status()).toMatchObject({ state: 'closed', version: undefined });
    expect(client.boolean('flag', false)).toBe(false);
  });

  it('lets requests under way end in their world, and reports them before its goodbye', async () => {
    const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100)]));
    const client = startClient({ url: server.url, closeTimeoutMs: 20_000 });
    await client.ready();
    let closing: Promise<void> | undefined;
    const work = client.run({ targetingKey: 'ada' }, async () => {
      closing = client.close();
      await until('it is closing', () => client.status().state === 'closing');
      expect(client.boolean('flag', false)).toBe(true);
      throw new Error('ordered by the test');
    });
    await expect(work).rejects.toThrow('ordered');
    await closing;
    expect(server.exposures).toMatchObject([{ arm: 'treatment' }]);
    expect(server.outcomes).toMatchObject([{ metric: 'http.error_rate', value: 1 }, {}]);
    expect(client.boolean('flag', false)).toBe(false);
  });

  it('waits for work without an end for half of its time at most', async () => {
    const { server, client } = await start({ closeTimeoutMs: 200 });
    await client.ready();
    void client.run({}, () => new Promise(() => undefined));
    await client.close();
    expect(client.status().state).toBe('closed');
    expect(server.goodbyes).toHaveLength(1);
  });

  it('watches no requests of its process, and does so again in its next life', async () => {
    const watched = channel('undici:request:create');
    const { client, provider } = await start({ propagateTo: ['pricing'] });
    await client.ready();
    expect(watched.hasSubscribers).toBe(true);
    await client.close();
    expect(watched.hasSubscribers).toBe(false);
    await provider.initialize?.({});
    expect(watched.hasSubscribers).toBe(true);
  });
});
