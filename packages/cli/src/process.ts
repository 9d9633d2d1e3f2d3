import process from 'node:process';
import type { Io, Output } from './io/types.ts';
import { type Launched, listenForStops } from './launch/listen-for-stops.ts';
import { run } from './run.ts';

/** Runs the command line of this process. The launcher calls it, once. */
export async function runProcess(launched: Launched): Promise<void> {
  const interrupted = listenForStops(launched);
  const io: Io = {
    args: process.argv.slice(2),
    env: process.env,
    directory: process.cwd(),
    get stdin() {
      return process.stdin;
    },
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    interrupted,
  };
  // Not process.exit: what was written must still reach a pipe.
  process.exitCode = await run(io);
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough, such as `head`, is no failure, and neither is a terminal that was closed.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
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
