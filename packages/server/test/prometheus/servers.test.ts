import { describe, expect, it } from 'vitest';
import { prometheusServers } from '../../src/prometheus/servers.ts';

describe('the Prometheus servers of the options', () => {
  it('are known by name, and sign in with what a variable holds', () => {
    const servers = prometheusServers({
      prometheus: 'main=http://localhost:9090/, eu=https://prometheus.example/select/0/',
      prometheusAuth: 'eu=basic:env:EU,main=bearer:env:TOKEN',
      environment: { EU: 'reader:secret', TOKEN: 't0ken\n' },
    });
    expect([...servers.values()].map(({ name, url }) => [name, url])).toEqual([
      ['main', 'http://localhost:9090'],
      ['eu', 'https://prometheus.example/select/0'],
    ]);
    expect(servers.get('main')?.authorization()).toBe('Bearer t0ken');
    expect(servers.get('eu')?.authorization()).toBe('Basic cmVhZGVyOnNlY3JldA==');
  });

  it.each([
    ['no address', { prometheus: 'main' }, 'name=value'],
    ['another protocol', { prometheus: 'main=ftp://x' }, 'http or https'],
    ['a password in the address', { prometheus: 'main=http://me:secret@x' }, '--prometheus-auth'],
    ['one name twice', { prometheus: 'a=http://x,a=http://y' }, 'twice'],
    ['a secret for nobody', { prometheusAuth: 'a=bearer:env:T', environment: { T: 'x' } }, 'a,'],
    ['a secret in the option', { prometheusAuth: 'a=bearer:s3cret' }, 'env:VARIABLE'],
    [
      'an empty variable',
      { prometheus: 'a=http://x', prometheusAuth: 'a=bearer:env:T', environment: {} },
      'holds nothing',
    ],
  ])('refuses %s', (_, given, text) => {
    let message = '';
    try {
      prometheusServers(given);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(text);
    expect(message).not.toContain('s3cret');
    expect(message).not.toContain('secret@');
  });
});
