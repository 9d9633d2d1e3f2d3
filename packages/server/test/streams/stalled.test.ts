import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { checkoutFlag } from '../support/documents.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';

const LIMIT_MS = 120_000;
/** More than all buffers between two processes of one machine hold of a stream that is not read. */
const LARGE_FLAGS = 8;
const LARGE_VARIANTS = 12;
const LARGE_BYTES = 60_000;

interface Missing {
  readonly name: string;
  readonly why: string;
}

let server: TestServer | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.dispose();
  server = undefined;
});

/** A client of another make: it opens a stream over a socket of its own and acknowledges nothing. */
async function openStream({ url }: TestServer, token: string, instance: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(
    `GET /api/v1/sdk/stream HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n` +
      `downhaul-instance: ${instance}\r\n\r\n`,
  );
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  return socket;
}

it(
  'a stream that reads nothing is missing from a proof by name until it has taken the version',
  async () => {
    server = await startTestServer({ heartbeat: 60_000 });
    const { api } = server;
    await putCheckout(api);
    const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
    const reading = Array.from({ length: 30 }, (_, index) => `reads-${index}`);
    const stalled = Array.from({ length: 120 }, (_, index) => `stalls-${index}`);
    for (const name of reading) (await openStream(server, token, name)).resume();
    const paused = new Map<string, Socket>();
    for (const name of stalled) {
      const socket = await openStream(server, token, name);
      socket.pause();
      paused.set(name, socket);
    }
    for (let index = 0; index < LARGE_FLAGS; index += 1) {
      const text = `${index}`.padEnd(LARGE_BYTES, 'x');
      const large = Array.from({ length: LARGE_VARIANTS }, (_, at) => [`v${at}`, text]);
      const variants = { ...Object.fromEntries(large), off: '' };
      const environments = { production: { serve: 'off' } };
      const flag = `large-${index}`;
      const document = checkoutFlag({ flag, type: 'string', variants, environments });
      await must(api('PUT', `/projects/default/flags/${flag}`, document));
    }
    await must(api('POST', `${FLAG}/down`));
    const reached = async () => (await must(api('GET', `${FLAG}/proof`))).body.clocks[0];
    const named = await until(async () => {
      const { missing, outcome } = await reached();
      const told = missing.filter(({ why }: Missing) => why.includes('reads nothing since'));
      return told.length === stalled.length && { missing, outcome };
    }, LIMIT_MS);
    expect(named.outcome).not.toBe('proven');
    expect(named.missing.map(({ name }: Missing) => name).sort()).toEqual(stalled.toSorted());
    // Some are cut off: what became of them is not known, and they are missing still.
    const cut = stalled.slice(0, 25);
    for (const name of cut) paused.get(name)?.destroy();
    for (const name of stalled.slice(25)) paused.get(name)?.resume();
    const left = await until(async () => {
      const { missing } = await reached();
      return missing.length === cut.length && missing;
    }, LIMIT_MS);
    expect(left.map(({ name }: Missing) => name).sort()).toEqual(cut.toSorted());
    expect(left[0].why).toMatch(/closed/);
    for (const name of cut) (await openStream(server, token, name)).resume();
    const proven = await until(async () => {
      const clock = await reached();
      return clock.outcome === 'proven' && clock;
    }, LIMIT_MS);
    expect(proven.statement).toContain('150 streams were written it (not acknowledged');
  },
  3 * LIMIT_MS,
);
