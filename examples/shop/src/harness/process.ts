import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunningProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** Lines written to standard output and error so far, newest last, at most 500. */
  readonly lines: readonly string[];
  /** Resolves with the first line (already written or to come) that the pattern matches. */
  waitForLine(pattern: RegExp, limitMs?: number): Promise<RegExpExecArray>;
  /** Asks it to end (SIGTERM) and waits; after `limitMs` it is killed. */
  stop(limitMs?: number): Promise<void>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a TypeScript file of this repository with this Node, watched by its output. */
export function startProcess(
  name: string,
  script: string,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): RunningProcess {
  const child = spawn(process.execPath, ['--conditions=source', script, ...(options.args ?? [])], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 500) lines.shift();
      for (const listener of listeners) listener(line);
    });
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    child,
    lines,
    waitForLine: (pattern, limitMs = 60_000) =>
      waitForLine({ name, lines, listeners, gone }, pattern, limitMs),
    stop: async (limitMs = 15_000) => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      await gone;
      clearTimeout(timer);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

interface Watched {
  readonly name: string;
  readonly lines: readonly string[];
  readonly listeners: Set<(line: string) => void>;
  readonly gone: Promise<void>;
}

function waitForLine(watched: Watched, pattern: RegExp, limitMs: number): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      watched.listeners.delete(look);
    };
    const fail = (why: string): void => {
      finish();
      const tail = watched.lines.slice(-15).join('\n');
      reject(new Error(`${watched.name} ${why} before printing ${pattern}:\n${tail}`));
    };
    const look = (line: string): void => {
      const match = pattern.exec(line);
      if (match === null) return;
      finish();
      resolve(match);
    };
    const timer = setTimeout(() => fail(`took more than ${limitMs} ms`), limitMs);
    watched.listeners.add(look);
    for (const line of watched.lines) look(line);
    void watched.gone.then(() => fail('ended'));
  });
}
