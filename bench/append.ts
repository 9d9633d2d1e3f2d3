/**
 * Durable changes: appends per second through the domain and over HTTP, with few and with many flags,
 * and how fast a server is ready on a long log.
 *
 *     node --conditions=source bench/append.ts [--events 1000000] [--flags 10000] [--seconds 5]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, type CommandBody, readFlagDocument } from '@downhaul/control';
import { readOptions, type RunningServer, startServer } from '@downhaul/server';
import { openControlLog } from '../packages/server/src/log/control-log.ts';
import { openSqliteStore } from '../packages/server/src/store/sqlite/open-store.ts';
import { writeLongLog } from './append/long-log.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    flags: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '5' },
  },
});
const seconds = Number(values.seconds);

for (const flags of [10, Number(values.flags)]) {
  for (const writers of [1, 16]) {
    await withDirectory(async (directory) => {
      const file = join(directory, 'downhaul.db');
      const perSecond = await appendDirectly(file, { flags, writers });
      print(`appends, ${flags} flags, ${writers} at a time`, `${perSecond.toFixed(0)}/s`);
    });
  }
}
await withDirectory(async (directory) => {
  const perSecond = await appendOverHttp(directory);
  print('changes over HTTP, 16 at a time', `${perSecond.toFixed(0)}/s`);
});
await withDirectory(async (directory) => {
  const file = join(directory, 'downhaul.db');
  await writeLongLog(file, { events: Number(values.events), cachedBehind: 9_000 });
  print('long log', `${values.events} events, ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const startedMs = performance.now();
  const server = await start(directory);
  print('ready after', `${((performance.now() - startedMs) / 1000).toFixed(2)} s`);
  await chainVerified(server);
  print('chain verified after', `${((performance.now() - startedMs) / 1000).toFixed(2)} s`);
  await server.close();
});

/** Durable changes as the domain decides them, without HTTP. */
async function appendDirectly(
  file: string,
  { flags, writers }: { readonly flags: number; readonly writers: number },
): Promise<number> {
  const store = openSqliteStore(file, { nowMs: () => Date.now() });
  const { log } = await openControlLog(store, 0);
  let count = 0;
  const append = async (body: CommandBody): Promise<void> => {
    const key = `k${(count += 1)}`;
    const outcome = await log.execute(commandOf(body, key), { commandHash: key });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  };
  await append({ type: 'createProject', key: 'default' });
  for (const [order, key] of ['staging', 'production'].entries()) {
    await append({ type: 'createEnvironment', key, owner: 'bench', order, unitSalt: 'salt' });
  }
  await Promise.all(Array.from({ length: flags }, (_, flag) => append(putFlag(flag, 'first'))));
  const before = count;
  const end = performance.now() + seconds * 1000;
  const write = async (): Promise<void> => {
    while (performance.now() < end) await append(putFlag(count % flags, `purpose ${count}`));
  };
  await Promise.all(Array.from({ length: writers }, write));
  await store.close();
  return (count - before) / seconds;
}

async function appendOverHttp(directory: string): Promise<number> {
  const server = await start(directory);
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const write = async (): Promise<void> => {
    while (performance.now() < end) {
      const response = await fetch(`${server.url}/api/v1/projects/default/flags/flag-0`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${server.adminToken ?? ''}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(documentOf(0, `purpose ${(count += 1)}`)),
      });
      if (response.status !== 200) throw new Error(await response.text());
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: 16 }, write));
  await server.close();
  return count / seconds;
}

async function chainVerified({ url }: RunningServer): Promise<void> {
  for (;;) {
    const { chain } = (await (await fetch(`${url}/readyz`)).json()) as { chain: string };
    if (chain === 'intact') return;
    if (chain !== 'pending') throw new Error(chain);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function start(directory: string): Promise<RunningServer> {
  const argv = ['--data-directory', directory, '--port', '0', '--log-level', 'silent'];
  return startServer(readOptions({ argv }));
}

function putFlag(flag: number, purpose: string): CommandBody {
  const read = readFlagDocument(documentOf(flag, purpose));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return { type: 'putFlag', definition: read.value };
}

function documentOf(flag: number, purpose: string): object {
  return {
    flag: `flag-${flag}`,
    kind: 'operational',
    type: 'boolean',
    owner: 'bench',
    purpose,
    variants: { on: true, off: false },
    safe: 'off',
    environments: { production: { serve: 'off' }, staging: { serve: 'off' } },
  };
}

function commandOf(body: CommandBody, key: string): Command {
  const actor = { kind: 'service', id: 'bench' } as const;
  return { project: 'default', actor, correlationId: key, idempotencyKey: key, ...body };
}

async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'downhaul-bench-'));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(36)} ${figure}`);
}
