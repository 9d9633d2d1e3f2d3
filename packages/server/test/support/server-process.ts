import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface ServerProcess {
  readonly url: string;
  readonly adminToken: string;
  readonly child: ChildProcess;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** A server in a process of its own, listening on a free port. */
export async function startServerProcess(
  dataDirectory: string,
  args: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', main, '--data-directory', dataDirectory, '--port', '0', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await listeningUrl(child);
  return {
    url,
    adminToken: readFileSync(join(dataDirectory, 'admin-token'), 'utf8').trim(),
    child,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: () => {
      child.kill('SIGTERM');
      return gone;
    },
  };
}

/** What the process wrote if it ended instead of listening, as the reason. */
function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let written = '';
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        written += `${line}\n`;
        const match = /^Downhaul listens on (.+)$/.exec(line);
        if (match?.[1]) resolve(match[1]);
      });
    }
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${written}`)));
  });
}
