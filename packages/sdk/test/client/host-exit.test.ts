import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { afterTest, startServer } from '../support/clients.ts';
import { startScript } from '../support/processes.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';

const HOST = new URL('../support/exiting-host.ts', import.meta.url);

async function runHost(url: string) {
  const { child, firstLine } = await startScript(HOST, url);
  if (child.exitCode === null) await once(child, 'exit');
  return { exitCode: child.exitCode, said: JSON.parse(firstLine) as Record<string, unknown> };
}

describe('a host that has nothing left to do', () => {
  it('ends by itself, though the stream is open', async () => {
    const server = await startServer(snapshotOf(1, [booleanFlag('flag', { serve: 'on' })]));
    const { exitCode, said } = await runHost(server.url);
    expect(said).toMatchObject({ value: true, state: 'ready', source: 'stream' });
    expect(exitCode).toBe(0);
  });

  it('ends by itself, though the server hangs, and not before `ready` has resolved', async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => void accepted.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterTest(async () => {
      for (const socket of accepted) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    const { exitCode, said } = await runHost(`http://127.0.0.1:${port}`);
    expect(said).toMatchObject({ value: false, state: 'error' });
    expect(exitCode).toBe(0);
  });
});
