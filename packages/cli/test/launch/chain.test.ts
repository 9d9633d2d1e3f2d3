import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processEntry } from '../../src/launch/process-entry.ts';

const LIMIT_MS = 120_000;
const checkout = fileURLToPath(new URL('../../../..', import.meta.url));
const launcher = fileURLToPath(new URL('../../bin/downhaul.js', import.meta.url));

/** Makes the launcher believe that it runs on an old Node, so that it hands over to another process. */
const DISGUISE = `if (/downhaul(\\.js)?$/.test(process.argv[1]) && !process.env.DOWNHAUL_HANDED_OVER)
  Object.defineProperty(process.versions, 'node', { value: '20.20.2' });`;

let directory: string;
let child: ChildProcess | undefined;
const started = new Set<number>();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'downhaul-chain-'));
});
afterEach(() => {
  for (const pid of started) if (isThere(pid)) process.kill(pid, 'SIGKILL');
  started.clear();
  rmSync(directory, { recursive: true, force: true });
});

function isThere(pid: number): boolean {
  const entry = processEntry(pid);
  return entry !== undefined && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
}

async function until(look: () => boolean): Promise<void> {
  const end = performance.now() + LIMIT_MS / 2;
  while (!look()) {
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Chain {
  /** From the process that was started down to the server itself. */
  readonly pids: readonly number[];
  readonly output: () => string;
  /** Of the process that was started. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts a command that ends in a server, as the leader of a group of its own, and finds all its processes. */
async function start(command: string, args: readonly string[], isOldNode = true): Promise<Chain> {
  const disguise = join(directory, 'disguise.cjs');
  writeFileSync(disguise, DISGUISE);
  const data = join(directory, 'data');
  const serve = ['serve', '--port', '0', '--data-directory', data];
  child = spawn(command, [...args, ...serve], {
    ...{ cwd: checkout, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...process.env, ...(isOldNode ? { NODE_OPTIONS: `--require ${disguise}` } : {}) },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = new Promise<Awaited<Chain['ended']>>((resolve) => {
    child!.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await until(() => output.includes('Downhaul listens on') || child?.exitCode !== null);
  const holder = readFileSync(join(data, 'downhaul.db.holder'), 'utf8');
  const pids = [(JSON.parse(holder) as { pid: number }).pid];
  while (pids[0] !== child.pid) pids.unshift(processEntry(pids[0]!)!.parentPid);
  for (const pid of pids) started.add(pid);
  return { pids, output: () => output, ended };
}

/** The server has written everything down, once, and no process is left. */
async function expectEndedWell({ pids, output }: Chain): Promise<void> {
  await until(() => pids.every((pid) => !isThere(pid)));
  expect(output().match(/"msg":"stopped"/g)).toHaveLength(1);
  expect(output()).not.toMatch(/Error|"level":50/);
  expect(existsSync(join(directory, 'data', 'downhaul.db.holder'))).toBe(false);
}

describe.runIf(process.platform === 'linux')('a server ends well', { timeout: LIMIT_MS }, () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('by %s to the launcher, with the exit code of it', async (signal, code) => {
    const chain = await start(process.execPath, [launcher]);
    expect(chain.pids).toHaveLength(2);
    process.kill(chain.pids[0]!, signal);
    expect(await chain.ended).toEqual({ code, signal: null });
    await expectEndedWell(chain);
  });

  it('by a signal to the process behind the launcher, which ends like it', async () => {
    const chain = await start(process.execPath, [launcher]);
    process.kill(chain.pids[1]!, 'SIGTERM');
    expect(await chain.ended).toEqual({ code: 143, signal: null });
    await expectEndedWell(chain);
  });

  it('by Ctrl-C and a closed terminal, which reach every process of the group, each once', async () => {
    const chain = await start(process.execPath, [launcher]);
    process.kill(-chain.pids[0]!, 'SIGINT');
    process.kill(-chain.pids[0]!, 'SIGHUP');
    expect((await chain.ended).code).toBeOneOf([130, 129]);
    await expectEndedWell(chain);
  });

  it('when its launcher is killed', async () => {
    const chain = await start(process.execPath, [launcher]);
    process.kill(chain.pids[0]!, 'SIGKILL');
    await expectEndedWell(chain);
  });

  it('by a signal where no launcher is needed', async () => {
    const chain = await start(process.execPath, [launcher], false);
    expect(chain.pids).toHaveLength(1);
    process.kill(chain.pids[0]!, 'SIGTERM');
    expect(await chain.ended).toEqual({ code: 143, signal: null });
    await expectEndedWell(chain);
  });

  it.each([
    ['npx', 'npx', ['downhaul'], 0, 'SIGTERM'],
    ['npx', 'npx', ['downhaul'], 0, 'SIGHUP'],
    ['npx', 'npx', ['downhaul'], 0, 'SIGKILL'],
    ['the shell of npx', 'npx', ['downhaul'], 1, 'SIGHUP'],
    ['npm run', 'npm', ['run', 'downhaul', '--'], 0, 'SIGTERM'],
  ] as const)(
    'by a signal to %s (%s %j, process %i: %s)',
    async (_name, command, args, index, signal) => {
      const chain = await start(command, args);
      process.kill(chain.pids[index]!, signal);
      await expectEndedWell(chain);
    },
  );

  it('by Ctrl-C to everything that npx started', async () => {
    const chain = await start('npx', ['downhaul']);
    process.kill(-chain.pids[0]!, 'SIGINT');
    await expectEndedWell(chain);
  });
});
