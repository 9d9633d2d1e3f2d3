import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';

const LIMIT_MS = 60_000;

let server: TestServer | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.dispose();
  server = undefined;
});

/** A connection over which the test itself speaks HTTP. */
async function open({ url }: TestServer): Promise<Socket & { readonly text: () => string }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'connect');
  return Object.assign(socket, { text: () => text });
}

function endOf(socket: Socket): Promise<'ended' | 'reset'> {
  return new Promise((resolve) => {
    socket.once('error', () => resolve('reset'));
    socket.once('close', () => resolve('ended'));
  });
}

const head = (server: TestServer, line: string, headers = ''): string =>
  `${line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.adminToken}\r\n${headers}\r\n`;

const PLAN = JSON.stringify({
  plan: 'later',
  unit: 'targetingKey',
  stages: [{ share: '1%', bake: '1m' }],
});
const PUT = [
  'PUT /api/v1/projects/default/plans/later',
  `content-type: application/json\r\ncontent-length: ${PLAN.length}\r\n`,
] as const;

describe('a server that is told to stop', { timeout: LIMIT_MS }, () => {
  it('answers every request under way, and says that the connection ends with it', async () => {
    server = await startTestServer();
    const stopping = server;
    const under = await Promise.all(
      Array.from({ length: 192 }, async () => {
        const socket = await open(stopping);
        const ended = endOf(socket);
        socket.write(head(stopping, ...PUT) + PLAN.slice(0, 20));
        return { socket, ended };
      }),
    );
    // The server has all heads once it counts as many connections with a token.
    await until(async () => {
      const metrics = await (await fetch(`${stopping.url}/metrics`)).text();
      const figure = (name: string) => Number(new RegExp(`_${name} (\\d+)`).exec(metrics)?.[1]);
      return figure('connections_open') >= 192 && figure('connections_without_token') <= 2;
    });
    const closed = stopping.running.close();
    await until(async () => (await fetch(stopping.url).catch(() => 'refused')) === 'refused');
    for (const { socket } of under) socket.write(PLAN.slice(20));
    const ends = await Promise.all(under.map(({ ended }) => ended));
    expect(ends.filter((end) => end === 'reset')).toHaveLength(0);
    for (const { socket } of under) {
      expect(socket.text()).toMatch(/^HTTP\/1\.1 (200|409) /);
      expect(socket.text().toLowerCase()).toContain('connection: close');
    }
    await closed;
  });

  it('ends idle connections at once, whether they have had a request or not', async () => {
    server = await startTestServer({ stopTimeout: 600_000 });
    const silent = await open(server);
    const kept = await open(server);
    kept.write(head(server, 'GET /api/v1/projects'));
    await until(() => kept.text().includes('"default"'));
    const ends = [endOf(silent), endOf(kept)];
    await server.running.close();
    expect(await Promise.all(ends)).toEqual(['ended', 'ended']);
  });

  it('ends streams with the word when to come again, and not by breaking off', async () => {
    server = await startTestServer({ stopTimeout: 600_000 });
    const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
    const { hostname, port } = new URL(server.url);
    const headers = { authorization: `Bearer ${token}`, 'downhaul-instance': 'one' };
    const asked = httpRequest({ host: hostname, port, path: '/api/v1/sdk/stream', headers });
    asked.end();
    const [answer] = await once(asked, 'response');
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const closed = once(answer, 'close');
    await until(() => text.includes('event: snapshot'));
    await server.running.close();
    await closed;
    expect(answer.complete).toBe(true);
    expect(text).toMatch(/\n\nretry: \d+\n\n$/);
  });

  it('resets after the limit what does not end, and logs how much', async () => {
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    server = await startTestServer({ stopTimeout: 300, logLevel: 'warn' }, { logStream });
    const socket = await open(server);
    socket.write(head(server, ...PUT) + PLAN.slice(0, 20));
    const half = await open(server);
    half.write('GET /healthz HT');
    await until(async () =>
      /_open [3-9]/.test(await (await fetch(`${server!.url}/metrics`)).text()),
    );
    const ends = [endOf(socket), endOf(half)];
    await server.running.close();
    await Promise.all(ends);
    const warning = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg.includes('reset'));
    expect(warning).toMatchObject({ requests: 2 });
  });

  it('has everything that it answered after its next start', async () => {
    server = await startTestServer();
    await putCheckout(server.api);
    const downs = Array.from({ length: 20 }, () => server!.api('POST', `${FLAG}/down`));
    const first = await Promise.race(downs);
    expect(first.status).toBe(200);
    const again = await server.restart();
    server = again;
    for (const each of await Promise.allSettled(downs)) {
      if (each.status === 'fulfilled') expect(each.value.status).toBe(200);
    }
    const { body } = await must(again.api('GET', '/log?subject=default/flag:new-checkout'));
    expect(
      body.events.some(
        ({ body: event }: { body: { type: string } }) => event.type === 'flagDowned',
      ),
    ).toBe(true);
  });
});
