import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterTest } from './clients.ts';

interface RunningProcess {
  readonly child: ChildProcess;
  /** First line it printed. */
  readonly firstLine: string;
}

/** Starts a script and waits for its first line; it is killed at the end of the test. */
export async function startScript(
  script: URL,
  ...args: readonly string[]
): Promise<RunningProcess> {
  const child = spawn(process.execPath, ['--conditions=source', fileURLToPath(script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  afterTest(() => kill(child));
  let text = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (text.includes('\n')) break;
  }
  return { child, firstLine: text.split('\n', 1)[0] ?? '' };
}

/** kill -9, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
