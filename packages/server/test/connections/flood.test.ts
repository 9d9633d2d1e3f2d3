import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { apiOf, startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, must, putCheckout } from '../support/setup.ts';

const LIMIT_MS = 120_000;
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const sockets: Socket[] = [];
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const close of closings.splice(0)) await close();
});

/** Opens connections that send `text` and nothing more. */
async function openMany(url: string, count: number, text = ''): Promise<Socket[]> {
  const { hostname, port } = new URL(url);
  const opened: Socket[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    sockets.push(socket);
    opened.push(socket);
    await once(socket, 'connect');
    if (text !== '') socket.write(text.replace('#', String(index)));
  }
  return opened;
}

async function figure(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

async function start(options: Parameters<typeof startTestServer>[0]): Promise<TestServer> {
  const server = await startTestServer(options);
  closings.push(() => server.dispose());
  return server;
}

describe('connections without a token', { timeout: LIMIT_MS }, () => {
  it.each([
    ['nothing', ''],
    ['half a head', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: '],
    [
      'half a body with a wrong token',
      'POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\nauthorization: Bearer dh_x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{',
    ],
  ])('that send %s are few, and `down` gets through between them', async (_, text) => {
    const server = await start({ maxConnectionsWithoutToken: 40 });
    await putCheckout(server.api);
    await openMany(server.url, 300, text);
    expect(await figure(server.url, 'downhaul_connections_without_token')).toBeLessThanOrEqual(40);
    await must(server.api('POST', `${FLAG}/down`));
    await must(server.api('GET', `${FLAG}/rollout`));
  });

  it('are ended when no request comes, and told why', async () => {
    const server = await start({});
    const [silent] = await openMany(server.url, 1, 'GET /healthz HTTP/1.1\r\n');
    let text = '';
    silent!.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(silent!, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"code":"request_incomplete"');
  });

  it('are ended soon after a public answer; with a token they stay', async () => {
    const server = await start({});
    const request = (headers: string): string =>
      `GET /healthz HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;
    const [stranger] = await openMany(server.url, 1, request(''));
    const asked = `GET /api/v1/projects HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.adminToken}\r\n\r\n`;
    const [known] = await openMany(server.url, 1, asked);
    for (const socket of [stranger!, known!]) socket.resume();
    await once(stranger!, 'close');
    let text = '';
    known!.on('data', (chunk: Buffer) => (text += chunk.toString()));
    known!.write(asked);
    await until(() => text.includes('"default"'));
  });
});

describe('a server with few open files', { timeout: LIMIT_MS }, () => {
  it('keeps room for `down`, whoever opens connections: strangers, or SDKs with streams', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'downhaul-flood-'));
    const command = `ulimit -n 256; exec "$0" --conditions=source "$1" --data-directory "$2" --port 0`;
    const child = spawn('sh', ['-c', command, process.execPath, main, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(child, 'exit');
    closings.push(async () => {
      child.kill('SIGKILL');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    });
    let url = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      url = /^Downhaul listens on (.+)$/.exec(line)?.[1] ?? url;
    });
    await until(() => url !== '', LIMIT_MS);
    const api = apiOf(url, readFileSync(join(directory, 'admin-token'), 'utf8').trim());
    await putCheckout(api);
    await openMany(url, 600);
    await must(api('POST', `${FLAG}/down`));

    const place = { project: 'default', environment: 'production', service: 'storefront' };
    const { body } = await must(api('POST', '/tokens', { name: 'sdk', kind: 'sdk', ...place }));
    const ask = `GET /api/v1/sdk/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${body.token}\r\ndownhaul-instance: i#\r\n\r\n`;
    const streams = await openMany(url, 300, ask);
    const answers = await Promise.all(
      streams.map(async (socket) => {
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        return chunk.toString();
      }),
    );
    const refused = answers.filter((answer) => answer.startsWith('HTTP/1.1 503'));
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200')).length).toBeGreaterThan(
      100,
    );
    expect(refused.length).toBeGreaterThan(100);
    expect(refused[0]).toContain('connections_full');
    expect(refused[0]!.toLowerCase()).toContain('retry-after:');
    await must(api('POST', `${FLAG}/up`));
    await openMany(url, 600);
    await must(
      apiOf(url, readFileSync(join(directory, 'admin-token'), 'utf8').trim())(
        'POST',
        `${FLAG}/down`,
      ),
    );
  });
});
