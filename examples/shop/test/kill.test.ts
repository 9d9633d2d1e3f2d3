/**
 * Invariants 1, 2 and 7 on the whole system: `kill -9` of the server and of SDK hosts under load loses
 * nothing that was acknowledged and counts nothing twice.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { apiFor, type Api } from '../src/harness/api.ts';
import { must } from '../src/harness/command-line.ts';
import { readRecord, unitsSeen, type ArmUnits } from '../src/harness/record-counts.ts';
import { startShop, type Shop } from '../src/harness/shop.ts';
import { stageChanges } from '../src/harness/stage-changes.ts';
import type { LoadRecord } from '../src/load/record.ts';

const FLAG = 'new-checkout';
const REPORT_INTERVAL_MS = 1_000;

const PLAN = `plan: steady
baseline: 5s
stages:
  - { share: 50%, bake: 1h }
  - { share: 100%, bake: 1h }
guardrails:
  - { metric: http.error_rate, margin: { relative: 20%, absolute: 0.5 } }
batch: 1s
horizons: [4s]
whenStageTooLong: { after: 12h, then: pause }
`;

const flagDocument = (key: string): string => `flag: ${key}
kind: release
type: boolean
owner: team-checkout
purpose: ${key}
variants: { on: true, off: false }
safe: off
environments:
  production: { serve: off, rollout: { plan: steady, to: on } }
`;

let shop: Shop | undefined;
afterEach(async () => {
  await shop?.stop();
  shop = undefined;
});

it('loses nothing acknowledged and counts every unit once when the server is killed', async () => {
  const { api, running } = await startUnderLoad();
  const acknowledged: string[] = [];
  let writing = true;
  const writer = writeFlags(running, acknowledged, () => writing);
  for (let round = 0; round < 3; round += 1) {
    await pauseMs(1_500 + Math.random() * 2_500);
    await running.server().kill();
    await pauseMs(Math.random() * 800);
    await running.restartServer();
  }
  await pauseMs(3_000);
  writing = false;
  await writer;
  await running.stopLoad();

  expect(acknowledged.length).toBeGreaterThan(3);
  const known = (await must(running.downhaul('flag', 'list'))) as { flags: { key: string }[] };
  const keys = new Set(known.flags.map((flag) => flag.key));
  expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
  expect((await running.downhaul('audit', 'verify')).exitCode).toBe(0);
  const records = await readRecord(running.recordFile);
  const seen = unitsSeen(records, FLAG, stageChanges(await api.events(FLAG)));
  expect(seen.get(0)?.treatment).toBeGreaterThan(0);
  await expect.poll(() => counted(api), { timeout: 60_000, interval: 500 }).toEqual(seen);
}, 240_000);

it('counts no unit twice and names the gap when hosts of the SDK are killed', async () => {
  const { api, running } = await startUnderLoad();
  const killedAtMs: number[] = [];
  for (const name of ['storefront-1', 'payments', 'storefront-1'] as const) {
    await pauseMs(2_000 + Math.random() * 2_000);
    killedAtMs.push(Date.now());
    await running.service(name).kill();
    await running.restartService(name);
  }
  await pauseMs(4_000);
  await running.stopLoad();

  const records = await readRecord(running.recordFile);
  const seen = unitsSeen(records, FLAG, stageChanges(await api.events(FLAG)));
  const lostAtMost = usersAskedShortlyBefore(records, killedAtMs);
  // Everything that could arrive has arrived when two looks apart by several intervals agree.
  await expect
    .poll(() => missingUnits(api, seen), { timeout: 60_000, interval: 3_000 })
    .toBeLessThanOrEqual(lostAtMost);
  const cutShort = usersCutShort(records);
  for (const [stage, arms] of await counted(api)) {
    expect(arms.treatment).toBeLessThanOrEqual((seen.get(stage)?.treatment ?? 0) + cutShort);
    expect(arms.control).toBeLessThanOrEqual((seen.get(stage)?.control ?? 0) + cutShort);
  }
  const gone = (await api.instances()).filter((instance) => instance.id.startsWith('storefront-1'));
  expect(gone.length).toBe(3);
}, 240_000);

interface Running extends Shop {
  readonly stopLoad: () => Promise<void>;
}

/** The shop at 50 % of one rollout, with load. */
async function startUnderLoad(): Promise<{ api: Api; running: Running }> {
  const started = (shop = await startShop());
  const api = apiFor(started.url, started.adminToken);
  const directory = await mkdtemp(join(tmpdir(), 'downhaul-documents-'));
  await writeFile(join(directory, 'plan.yaml'), PLAN);
  await writeFile(join(directory, 'flag.yaml'), flagDocument(FLAG));
  await must(started.downhaul('plan', 'put', join(directory, 'plan.yaml')));
  await must(started.downhaul('flag', 'put', join(directory, 'flag.yaml')));
  const load = await started.startLoad({ ratePerSecond: 60, users: 5_000 });
  await must(started.downhaul('rollout', 'start', FLAG));
  await expect
    .poll(async () => (await api.rollout(FLAG)).rollout?.stage, { timeout: 90_000 })
    .toBe(0);
  return { api, running: { ...started, stopLoad: () => load.stop(60_000) } };
}

/** Puts flags one after another and keeps the keys of those that were acknowledged. */
async function writeFlags(
  running: Shop,
  acknowledged: string[],
  goOn: () => boolean,
): Promise<void> {
  for (let number = 0; goOn(); number += 1) {
    const key = `probe-${number}`;
    const answer = await fetch(`${running.url}/api/v1/projects/default/flags/${key}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        flag: key,
        kind: 'release',
        type: 'boolean',
        owner: 'team-checkout',
        purpose: key,
        variants: { on: true, off: false },
        environments: { production: { serve: 'off' } },
      }),
    }).catch(() => undefined);
    if (answer?.ok === true) acknowledged.push(key);
    await pauseMs(20);
  }
}

/** Units per stage and arm as the server counted them. */
async function counted(api: Api): Promise<Map<number, ArmUnits>> {
  const { evidence } = await api.rollout(FLAG);
  return new Map(
    (evidence?.exposed ?? [])
      .filter(({ stage }) => stage >= 0)
      .map(({ stage, treatment, control }) => [stage, { treatment, control }]),
  );
}

async function missingUnits(api: Api, seen: ReadonlyMap<number, ArmUnits>): Promise<number> {
  const found = await counted(api);
  let missing = 0;
  for (const [stage, arms] of seen) {
    missing += arms.treatment - (found.get(stage)?.treatment ?? 0);
    missing += arms.control - (found.get(stage)?.control ?? 0);
  }
  return missing;
}

/** Users whose exposure can have been lost: asked since the last report before a kill, or in flight. */
function usersAskedShortlyBefore(
  records: readonly LoadRecord[],
  killedAtMs: readonly number[],
): number {
  const windowMs = 2 * REPORT_INTERVAL_MS + 2_000;
  const users = records
    .filter((record) =>
      killedAtMs.some((atMs) => record.atMs > atMs - windowMs && record.atMs < atMs + windowMs),
    )
    .map((record) => record.user);
  return new Set(users).size;
}

/** Users whose request was taken but never answered: they may have been exposed without knowing. */
function usersCutShort(records: readonly LoadRecord[]): number {
  const cutShort = records.filter(
    (record) => record.status === 0 && record.failure !== 'ECONNREFUSED',
  );
  return new Set(cutShort.map((record) => record.user)).size;
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
