import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkoutFlag } from '../support/documents.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';

const MOUNTED = 'a file system of 48 MB in memory';
const flagPath = '/projects/default/flags/new-checkout';

let disk: string;
let isMounted = false;
beforeAll(() => {
  disk = mkdtempSync(join(tmpdir(), 'downhaul-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'downhaul-test', disk], {
      stdio: 'pipe',
    });
    isMounted = true;
  } catch (error) {
    if (process.env['CI']) throw error;
    console.warn(`skipped: ${MOUNTED} cannot be mounted here: ${String(error)}`);
  }
});
afterAll(() => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Fills the disk until so many bytes are left. */
function fill(leaveBytes: number): void {
  const descriptor = openSync(join(disk, 'filler'), 'a');
  const block = Buffer.alloc(4_096, 7);
  const { bsize } = statfsSync(disk);
  while (statfsSync(disk).bavail * bsize > leaveBytes) writeSync(descriptor, block);
  closeSync(descriptor);
}

const readyz = async ({ url }: TestServer) => {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
};

it('stops telemetry, then changes, never the way down, and goes on when there is room', async (test) => {
  if (!isMounted) return test.skip(MOUNTED);
  const server = await startTestServer({ dataDirectory: join(disk, 'data') });
  try {
    await putCheckout(server.api);
    await must(server.api('PUT', flagPath, checkoutFlag({ flag: 'new-checkout', purpose: 'p' })));
    const scope = { project: 'default', environment: 'production', service: 'shop' };
    const sdk = await issue(server, { kind: 'sdk', ...scope });
    const report = () => sdk.api('POST', '/sdk/reports', {}, { 'downhaul-instance': 'i' });
    expect(await readyz(server)).toMatchObject({ status: 200, storage: 'ample' });

    fill(2 << 20);
    const refused = await report();
    expect(refused).toMatchObject({ status: 507, body: { code: 'storage_full' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await must(
      server.api('PUT', flagPath, checkoutFlag({ purpose: 'telemetry alone is refused' })),
    );
    expect(await readyz(server)).toMatchObject({ status: 200, ready: true, storage: 'low' });

    fill(0);
    const change = await server.api('PUT', flagPath, checkoutFlag({ purpose: 'another' }));
    expect(change).toMatchObject({ status: 507, body: { code: 'storage_full' } });
    expect(await readyz(server)).toMatchObject({
      status: 503,
      ready: false,
      storage: 'full',
      reason: 'the disk of the store is full',
    });
    for (let round = 0; round < 300; round += 1) {
      const { body } = await must(
        server.api('POST', `${FLAG}/down`, { justification: `${round} ${'x'.repeat(2_000)}` }),
      );
      expect(body.position).toBeGreaterThan(0);
    }
    const { body: flag } = await must(server.api('GET', flagPath));
    expect(flag.environments.production.down).toBe(true);
    // What the way down was given stays its own.
    const later = await server.api('PUT', flagPath, checkoutFlag({ purpose: 'later' }));
    expect(later).toMatchObject({ status: 507, body: { code: 'storage_full' } });
    expect(await report()).toMatchObject({ status: 507 });
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/^downhaul_store_free_bytes \d+$/m);
    expect(text).toMatch(/^downhaul_store_reserve_bytes \d+$/m);

    rmSync(join(disk, 'filler'));
    await until(async () => (await readyz(server)).status === 200);
    expect(await readyz(server)).toMatchObject({ storage: 'ample' });
    await must(server.api('PUT', flagPath, checkoutFlag({ purpose: 'room again' })));
    expect((await report()).status).toBe(400);
  } finally {
    await server.dispose();
  }
});
