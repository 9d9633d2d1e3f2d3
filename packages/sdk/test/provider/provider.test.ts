import { OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { startClient, startServer } from '../support/clients.ts';
import { booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

afterEach(() => OpenFeature.close());

const TEXT = booleanFlag('text', {
  type: 'string',
  variants: { on: 'hello', off: 'bye' },
  serve: 'on',
});
const NUMBER = booleanFlag('number', {
  type: 'number',
  variants: { on: 3, off: 0 },
  serve: 'on',
});
const OBJECT = booleanFlag('object', {
  type: 'object',
  variants: { on: { a: [1] }, off: {} },
  serve: 'on',
});

describe('the OpenFeature provider', () => {
  it('resolves every type with variant, reason and metadata', async () => {
    const flags = [booleanFlag('flag', { serve: 'on', version: 4 }), TEXT, NUMBER, OBJECT];
    const server = await startServer(snapshotOf(7, flags));
    await OpenFeature.setProviderAndWait(startClient({ url: server.url }).provider);
    const client = OpenFeature.getClient();
    expect(await client.getBooleanDetails('flag', false)).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'STATIC',
      flagMetadata: { version: 4, flagSetId: 'default/production', snapshotVersion: 7 },
    });
    expect(await client.getStringValue('text', 'default')).toBe('hello');
    expect(await client.getNumberValue('number', 1)).toBe(3);
    expect(await client.getObjectValue('object', {})).toEqual({ a: [1] });
  });

  it('gives the default and says why for another type and an unknown flag', async () => {
    const server = await startServer(snapshotOf(1, [TEXT]));
    await OpenFeature.setProviderAndWait(startClient({ url: server.url }).provider);
    const client = OpenFeature.getClient();
    expect(await client.getBooleanDetails('text', true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
    });
    expect(await client.getBooleanDetails('unknown', true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'FLAG_NOT_FOUND',
    });
  });

  it('names exactly the flags that changed', async () => {
    const kept = booleanFlag('kept');
    const server = await startServer(snapshotOf(1, [kept, booleanFlag('changed')]));
    const client = startClient({ url: server.url });
    await OpenFeature.setProviderAndWait(client.provider);
    const changes: unknown[] = [];
    OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
      changes.push(details?.flagsChanged);
    });
    await until('the stream is open', () => server.openStreams === 1);
    server.publish(snapshotOf(2, [kept, booleanFlag('changed', { serve: 'on' })]));
    await until('the change is announced', () => changes.length > 0);
    expect(changes).toEqual([['changed']]);
  });

  it('announces STALE when cut off, and READY again', async () => {
    const server = await startServer(snapshotOf(1, [booleanFlag('flag', { serve: 'on' })]));
    const client = startClient({ url: server.url, pollIntervalMs: 50 });
    const seen: string[] = [];
    await OpenFeature.setProviderAndWait(client.provider);
    // A handler added to a provider that is ready runs at once.
    OpenFeature.addHandler(ProviderEvents.Ready, () => void seen.push('ready'));
    OpenFeature.addHandler(ProviderEvents.Stale, () => void seen.push('stale'));
    const refuse = (_: unknown, response: { destroy(): void }) => {
      response.destroy();
      return true;
    };
    Object.assign(server.faults, { stream: refuse, snapshot: refuse });
    server.dropConnections();
    await until('it is stale', () => seen.includes('stale'));
    expect(statusOf()).toBe('STALE');
    expect(await OpenFeature.getClient().getBooleanValue('flag', false)).toBe(true);
    delete server.faults.stream;
    delete server.faults.snapshot;
    await until('it is ready again', () => seen.length === 3);
    expect(seen).toEqual(['ready', 'stale', 'ready']);
  });

  it('starts without a server, says ERROR and gives defaults', async () => {
    const client = startClient({ url: 'http://127.0.0.1:9', startTimeoutMs: 100 });
    await OpenFeature.setProviderAndWait(client.provider);
    await until('it says ERROR', () => statusOf() === 'ERROR');
    expect(await OpenFeature.getClient().getBooleanDetails('flag', true)).toMatchObject({
      value: true,
      errorCode: 'PROVIDER_NOT_READY',
    });
  });

  it('says ERROR when the token is refused', async () => {
    const server = await startServer(snapshotOf(1, []));
    const client = startClient({ url: server.url, token: 'another' });
    await OpenFeature.setProviderAndWait(client.provider);
    await until('it says ERROR', () => statusOf() === 'ERROR');
    expect(client.status().state).toBe('error');
  });

  it('counts what OpenFeature tracks, for the unit of its context', async () => {
    const server = await startServer(
      snapshotOf(1, [rolloutFlag('flag', 50, { metrics: ['checkout.completed'] })]),
    );
    await OpenFeature.setProviderAndWait(startClient({ url: server.url }).provider);
    const client = OpenFeature.getClient();
    client.track('checkout.completed', { targetingKey: 'ada' }, { value: 99.5 });
    client.track('checkout.completed', { targetingKey: 'ada' });
    client.track('of.no.interest', { targetingKey: 'ada' });
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toEqual([
      expect.objectContaining({
        metric: 'checkout.completed',
        value: 2,
        values: { sum: 100.5, largest: 99.5, last: expect.any(Number) },
      }),
    ]);
  });
});

function statusOf(): string {
  return OpenFeature.getClient().providerStatus;
}
