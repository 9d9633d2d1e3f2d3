import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/run.ts';
import type { TestServer } from './server.ts';
import { createTestIo } from './test-io.ts';
import type { TestIoOptions } from './test-io.ts';

const launcher = fileURLToPath(new URL('../../bin/downhaul.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly pid: number;
  readonly finished: Promise<CliResult>;
  /** Resolves with everything on stdout and stderr so far, once it contains the text. */
  sees(text: string | RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
  /** Instead of the Node that runs the tests. */
  readonly node?: string;
}

/** Starts the command as a process of its own, through its launcher. */
export function startCli(args: readonly string[], options: SpawnOptions = {}): RunningCli {
  const child = spawn(options.node ?? process.execPath, [launcher, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], ...options.env },
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      output[name] += chunk.toString();
      for (const listener of listeners) listener();
    });
  child.stdin.end(options.stdin ?? '');
  const finished = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
  return {
    pid: child.pid ?? 0,
    finished,
    kill: (signal) => void child.kill(signal),
    sees: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const all = output.stdout + output.stderr;
          const found = typeof text === 'string' ? all.includes(text) : text.test(all);
          if (found) resolve(all);
        };
        listeners.add(look);
        void finished.then(({ code }) =>
          reject(
            new Error(`ended with ${code} before it was seen: ${output.stdout}${output.stderr}`),
          ),
        );
        look();
      }),
  };
}

export function spawnCli(args: readonly string[], options: SpawnOptions = {}): Promise<CliResult> {
  return startCli(args, options).finished;
}

/** Runs the command inside this process, against a server: the same code without a new process. */
export async function runCli(
  server: Pick<TestServer, 'directory'> & Partial<TestServer>,
  args: readonly string[],
  options: Omit<TestIoOptions, 'args'> = {},
): Promise<CliResult> {
  const io = createTestIo({
    directory: server.directory,
    ...options,
    args: server.url === undefined ? args : ['--url', server.url, ...args],
  });
  const code = await run(io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}
