import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DownhaulOptions } from '../../src/index.ts';
import { afterTest, startClient, startServer } from '../support/clients.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const NOWHERE = 'http://127.0.0.1:9';
const SOON = { writeEveryMs: 10 };

let directory: string;

beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), 'downhaul-sdk-'));
  directory = made;
  afterTest(() => rm(made, { recursive: true }));
});

function version(number: number) {
  return snapshotOf(number, [booleanFlag('flag', { serve: 'on', version: number })]);
}

async function copies(): Promise<string[]> {
  return (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json'));
}

/** Leaves a copy of this version on disk, as a client does; returns what a later client is started with. */
async function leaveCopy(number: number): Promise<DownhaulOptions> {
  const server = await startServer(version(number));
  const options = { url: server.url, cacheDirectory: directory };
  const client = startClient(options);
  await client.ready();
  await client.close();
  await server.stop();
  return options;
}

describe('the copy on disk', () => {
  it('is the last known good, readable by its owner only', async () => {
    const server = await startServer(version(1));
    const client = startClient({ url: server.url, cacheDirectory: join(directory, 'new') }, SOON);
    await client.ready();
    directory = join(directory, 'new');
    await until('it is written', async () => (await copies()).length === 1);
    await until('the stream is open', () => server.openStreams === 1);
    server.publish(version(2));
    const [name] = await copies();
    const path = join(directory, name!);
    await until('it is written again', async () => {
      return (JSON.parse(await readFile(path, 'utf8')) as { version: number }).version === 2;
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(await readdir(directory)).toEqual([name]);
  });

  it('is used while the server is away, and says how old it is', async () => {
    const options = await leaveCopy(7);
    const [name] = await copies();
    const hourAgo = Date.now() / 1_000 - 3_600;
    await utimes(join(directory, name!), hourAgo, hourAgo);
    const client = startClient(options);
    await client.ready();
    expect(client.status()).toMatchObject({ version: 7, source: 'disk' });
    expect(client.status().ageMs).toBeGreaterThan(3_590_000);
    expect(client.boolean('flag', false)).toBe(true);
  });

  it('gives way to what the server says', async () => {
    const server = await startServer(version(7));
    const before = startClient({ url: server.url, cacheDirectory: directory });
    await before.ready();
    await before.close();
    server.snapshot = snapshotOf(3, [booleanFlag('flag')]);
    const after = startClient({ url: server.url, cacheDirectory: directory });
    await after.ready();
    expect(after.status()).toMatchObject({ state: 'ready', version: 3, source: 'stream' });
  });

  it.each([
    ['half', (text: string) => text.slice(0, 100)],
    ['empty', () => ''],
    ['changed', (text: string) => text.replace('"on":true', '"on":false')],
    ['of another shape', () => '[]'],
  ])('is ignored with a warning when it is %s', async (_name, spoil) => {
    const options = await leaveCopy(7);
    const [name] = await copies();
    const path = join(directory, name!);
    await writeFile(path, spoil(await readFile(path, 'utf8')));
    const client = startClient({ ...options, startTimeoutMs: 200 });
    await client.ready();
    expect(client.status()).toMatchObject({ state: 'error', source: 'none' });
    expect(client.logged.join('\n')).toMatch(/refused|ignored/);
  });

  it('is another one for another token', async () => {
    const options = await leaveCopy(7);
    const client = startClient({ ...options, token: 'another', startTimeoutMs: 100 });
    await client.ready();
    expect(client.status().source).toBe('none');
  });

  it('that cannot be written does no harm', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const server = await startServer(version(1));
    const client = startClient({ url: server.url, cacheDirectory: join(file, 'below') }, SOON);
    await client.ready();
    await until('it is said', () => client.logged.some((line) => line.includes('written')));
    expect(client.boolean('flag', false)).toBe(true);
  });

  it('takes away what a killed process left half-written', async () => {
    const server = await startServer(version(1));
    const options = { url: server.url, cacheDirectory: directory };
    const before = startClient(options);
    await before.ready();
    await before.close();
    const [name] = await copies();
    const dayAgo = Date.now() / 1_000 - 86_400;
    for (const age of ['old', 'fresh'])
      await writeFile(join(directory, `${name}.${age}.tmp`), 'half');
    await utimes(join(directory, `${name}.old.tmp`), dayAgo, dayAgo);
    server.snapshot = version(2);
    const after = startClient(options);
    await after.ready();
    await until('it streams', () => after.status().version === 2);
    await after.close();
    expect((await readdir(directory)).sort()).toEqual([name, `${name}.fresh.tmp`]);
  });
});

describe('the bootstrap file', () => {
  it('is used when there is neither server nor copy', async () => {
    const bootstrapFile = join(directory, 'bootstrap.json');
    await writeFile(bootstrapFile, JSON.stringify(version(3)));
    const client = startClient({ url: NOWHERE, bootstrapFile, cacheDirectory: directory });
    await client.ready();
    expect(client.status()).toMatchObject({ version: 3, source: 'bootstrap' });
    await until('it is stale', () => client.status().state === 'stale');
  });

  it('comes after the copy on disk', async () => {
    const options = await leaveCopy(7);
    const bootstrapFile = join(directory, 'bootstrap.json');
    await writeFile(bootstrapFile, JSON.stringify(version(3)));
    const client = startClient({ ...options, bootstrapFile });
    await client.ready();
    expect(client.status()).toMatchObject({ version: 7, source: 'disk' });
  });

  it('that is missing is said', async () => {
    const client = startClient({
      url: NOWHERE,
      bootstrapFile: join(directory, 'none.json'),
      startTimeoutMs: 100,
    });
    await client.ready();
    expect(client.logged.join('\n')).toContain('no bootstrap file');
  });
});
