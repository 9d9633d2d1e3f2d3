import { describe, expect, it } from 'vitest';
import { startClient } from '../support/clients.ts';

describe('a server that cannot be reached', () => {
  it.each([
    ['a name that does not resolve', 'http://downhaul.invalid'],
    ['a closed port', 'http://127.0.0.1:9'],
    ['a path below an unreachable host', 'http://127.0.0.1:9/flags/'],
  ])('leaves code defaults, with %s', async (_name, url) => {
    const client = startClient({ url, startTimeoutMs: 300 });
    await client.ready();
    expect(client.details('flag', 'default')).toMatchObject({
      value: 'default',
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
    });
    expect(client.status()).toMatchObject({ state: 'error', version: undefined });
    expect(client.run({ targetingKey: 'ada' }, () => 'works')).toBe('works');
    expect(client.outgoingHeaders()).toEqual({});
  });

  it.each([
    ['no URL', {}],
    ['a URL that is none', { url: 'not a url' }],
    ['a URL of another scheme', { url: 'ftp://127.0.0.1' }],
    ['no token', { url: 'http://127.0.0.1:9', token: '' }],
    ['a token with a line break', { url: 'http://127.0.0.1:9', token: 'a\r\nb: c' }],
  ])('is said once when the options have %s', async (_name, options) => {
    const client = startClient(options);
    await client.ready();
    expect(client.status().state).toBe('error');
    expect(client.boolean('flag', true)).toBe(true);
    expect(client.logged).toHaveLength(1);
    await client.close();
  });
});
