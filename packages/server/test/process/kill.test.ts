import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkoutFlag } from '../support/documents.ts';
import { apiOf } from '../support/server.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { must, putCheckout } from '../support/setup.ts';

/** DOWNHAUL_TEST_KILLS=200 for a longer run. */
const kills = Number(process.env['DOWNHAUL_TEST_KILLS'] ?? 10);
const path = '/projects/default/flags/new-checkout';

interface Acknowledged {
  readonly key: string;
  readonly purpose: string;
  readonly answer: { readonly position: number };
}

it(
  `loses nothing that was acknowledged in ${kills} kills`,
  { timeout: 30_000 + kills * 15_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'downhaul-kill-'));
    const acknowledged: Acknowledged[] = [];
    try {
      for (let round = 0; round < kills; round++) {
        const server = await startServerProcess(directory, ['--log-level', 'error']);
        if (round === 0) {
          await putCheckout(apiOf(server.url, server.adminToken));
        }
        await expectEverything(server, acknowledged);
        acknowledged.push(...(await writeUntilKilled(server, round)));
      }
      const last = await startServerProcess(directory, ['--log-level', 'error']);
      await expectEverything(last, acknowledged);
      expect(acknowledged.length).toBeGreaterThan(kills);
      expect(await last.stop()).toBe(143);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

/** Four writers at once; the kill falls somewhere into their writes. */
async function writeUntilKilled(server: ServerProcess, round: number): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  const api = apiOf(server.url, server.adminToken);
  let count = 0;
  const write = async (): Promise<void> => {
    for (;;) {
      const key = `r${round}-${(count += 1)}`;
      const purpose = `purpose ${key}`;
      try {
        const headers = { 'idempotency-key': key };
        const { status, body } = await api('PUT', path, checkoutFlag({ purpose }), headers);
        if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
        acknowledged.push({ key, purpose, answer: body });
      } catch (error) {
        if (server.child.killed) return;
        throw error;
      }
      if (acknowledged.length === 5 + ((round * 7) % 20)) void server.kill();
    }
  };
  await Promise.all([write(), write(), write(), write()]);
  await server.kill();
  return acknowledged;
}

async function expectEverything(
  server: ServerProcess,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const api = apiOf(server.url, server.adminToken);
  const { body: chain } = await must(api('GET', '/log/verify'));
  expect(chain).toMatchObject({ intact: true });
  const { body } = await must(api('GET', '/log?limit=1000&subject=default/flag:new-checkout'));
  const purposes = new Map(
    body.events.map((event: { position: number; body: { definition: { purpose: string } } }) => [
      event.position,
      event.body.definition.purpose,
    ]),
  );
  for (const { purpose, answer } of acknowledged) {
    expect(purposes.get(answer.position)).toBe(purpose);
  }
  for (const { key, purpose, answer } of acknowledged.slice(-3)) {
    const headers = { 'idempotency-key': key };
    const retry = await must(api('PUT', path, checkoutFlag({ purpose }), headers));
    expect(retry.body).toEqual(answer);
  }
}
