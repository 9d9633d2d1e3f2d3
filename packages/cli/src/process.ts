import process from 'node:process';
import type { Io, Output } from './io/types.ts';
import { run } from './run.ts';

/** Runs the command line of this process. The launcher calls it, once. */
export async function runProcess(): Promise<void> {
  const interrupted = new AbortController();
  listenForSignals(interrupted);
  const io: Io = {
    args: process.argv.slice(2),
    env: process.env,
    directory: process.cwd(),
    get stdin() {
      return process.stdin;
    },
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    interrupted: interrupted.signal,
  };
  // Not process.exit: what was written must still reach a pipe.
  process.exitCode = await run(io);
}

/** A launcher passes on signals that a terminal has sent to the whole group already. */
const ECHO_MS = 300;

/** The first signal lets the command end in order; the second ends the process. */
function listenForSignals(interrupted: AbortController): void {
  let firstAtMs = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      const nowMs = performance.now();
      if (!interrupted.signal.aborted) {
        firstAtMs = nowMs;
        interrupted.abort(name);
      } else if (nowMs - firstAtMs > ECHO_MS) process.exit(name === 'SIGINT' ? 130 : 143);
    });
  }
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough, such as `head`, is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    isTerminal: stream.isTTY,
    write: (text) => void stream.write(text),
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    onResize: (handler) => {
      stream.on('resize', handler);
      return () => void stream.off('resize', handler);
    },
  };
}
