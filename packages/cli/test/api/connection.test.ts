import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveConnection as resolveLazily } from '../../src/api/connection.ts';
import { createTestIo } from '../support/test-io.ts';

const directory = mkdtempSync(join(tmpdir(), 'downhaul-cli-'));
mkdirSync(join(directory, '.downhaul'));
writeFileSync(join(directory, '.downhaul', 'admin-token'), 'local\n');
writeFileSync(join(directory, 'other-token'), ' from-file \n');
afterAll(() => rmSync(directory, { recursive: true }));

const local = createTestIo({ directory });

/** The connection as it is at once, without what changes later. */
function resolveConnection(...args: Parameters<typeof resolveLazily>) {
  const { url, token } = resolveLazily(...args);
  return { url, token: token() };
}

describe('resolveConnection', () => {
  it('finds the server on this machine and its token', () => {
    expect(resolveConnection(local, {})).toEqual({ url: 'http://127.0.0.1:8080', token: 'local' });
  });

  it('takes the command line before the environment before the local file', () => {
    const env = { DOWNHAUL_URL: 'http://localhost:1', DOWNHAUL_TOKEN: 'env' };
    const io = createTestIo({ directory, env });
    expect(resolveConnection(io, {})).toEqual({ url: 'http://localhost:1', token: 'env' });
    expect(resolveConnection(io, { tokenFile: 'other-token' }).token).toBe('from-file');
    const both = { url: 'http://localhost:2', token: 'said', tokenFile: 'other-token' };
    expect(resolveConnection(io, both)).toEqual({ url: 'http://localhost:2', token: 'said' });
  });

  it('reads the file that the environment names', () => {
    const io = createTestIo({ directory, env: { DOWNHAUL_TOKEN_FILE: 'other-token' } });
    expect(resolveConnection(io, {}).token).toBe('from-file');
  });

  it.each(['https://flags.acme.test', 'http://10.0.0.1:8080', 'http://127.0.0.1.acme.test'])(
    'never sends the local token to %s',
    (url) => {
      expect(resolveConnection(local, { url }).token).toBeUndefined();
    },
  );

  it.each(['http://[::1]:9', 'http://localhost:9', 'http://127.9.9.9'])('knows %s', (url) => {
    expect(resolveConnection(local, { url }).token).toBe('local');
  });

  it.each(['acme', 'ftp://acme.test', 'http://me:secret@acme.test', ''])('refuses %j', (url) => {
    expect(() => resolveConnection(local, { url })).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ code: 'cli_url', exitCode: 2 }),
      }),
    );
  });

  it('says so when a named file cannot be read', () => {
    expect(() => resolveConnection(local, { tokenFile: 'missing' })).toThrow(/missing/);
  });

  it('finds the token that a server writes only when it starts', () => {
    const started = join(directory, 'started-later');
    mkdirSync(join(started, '.downhaul'), { recursive: true });
    const { token } = resolveLazily(createTestIo({ directory: started }), {});
    expect(token()).toBeUndefined();
    writeFileSync(join(started, '.downhaul', 'admin-token'), 'first\n');
    expect(token()).toBe('first');
  });

  it('has no token where there is none', () => {
    expect(resolveConnection(createTestIo(), {}).token).toBeUndefined();
  });

  it('keeps a path in front of the API', () => {
    expect(resolveConnection(local, { url: 'http://acme.test/flags/' }).url).toBe(
      'http://acme.test/flags',
    );
  });
});
