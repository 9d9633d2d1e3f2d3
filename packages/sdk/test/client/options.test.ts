import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../src/client/options.ts';
import { SDK_NAME, SDK_VERSION } from '../../src/version.ts';

const SERVER = { url: 'http://127.0.0.1:9', token: 'token' };

describe('options', () => {
  it('come from the environment where they are not given', () => {
    const env = {
      DOWNHAUL_URL: 'https://flags.test/base',
      DOWNHAUL_TOKEN: 'from-env',
      DOWNHAUL_CACHE_DIR: '/cache',
      DOWNHAUL_BOOTSTRAP_FILE: '/bootstrap.json',
    };
    expect(resolveOptions({}, env)).toMatchObject({
      server: { token: 'from-env' },
      cacheDirectory: '/cache',
      bootstrapFile: '/bootstrap.json',
    });
    expect(resolveOptions({ token: 'given' }, env).server?.token).toBe('given');
  });

  it('fall back to their defaults when they make no sense', () => {
    const bad = { startTimeoutMs: -1, pollIntervalMs: Number.NaN, closeTimeoutMs: Infinity };
    expect(resolveOptions({ ...SERVER, ...bad }, {})).toMatchObject({
      startTimeoutMs: 5_000,
      pollIntervalMs: 10_000,
      closeTimeoutMs: 2_000,
      leashMs: undefined,
    });
  });

  it('give every start another instance that is fit for a header', () => {
    const one = resolveOptions({ ...SERVER, instance: 'pod 1\r\nä' }, {}).instance;
    const other = resolveOptions({ ...SERVER, instance: 'pod 1\r\nä' }, {}).instance;
    expect(one).toMatch(/^pod-1---?-[0-9a-f]{12}$/);
    expect(other).not.toBe(one);
  });
});

describe('the version', () => {
  it('is that of the package', async () => {
    const path = new URL('../../package.json', import.meta.url);
    const { name, version } = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    expect([SDK_NAME, SDK_VERSION]).toEqual([name, version]);
  });
});
