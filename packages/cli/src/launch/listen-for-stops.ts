import process from 'node:process';
import { exitCodeOf } from '../exit-code.ts';
import { watchAncestors } from './ancestors.ts';
import { processEntry } from './process-entry.ts';
import {
  createStopRequests,
  isStopSignal,
  STOP_SIGNALS,
  type StopSignal,
} from './stop-requests.ts';

/** What the launcher knows of how this process came to be. */
export interface Launched {
  /** The parent of this process as it began; where a launcher handed over, the launcher's parent after it. */
  readonly parents: readonly number[];
  /** The signals that came since the process began. From here on they are not listened to any more. */
  takeSignals(): readonly string[];
}

/** What a terminal or `timeout` sends twice arrives within so long. */
const ECHO_MS = 300;
/** How often it is looked whether the ancestors are still there: cheap where it is a file, else a process. */
const LOOK_MS = process.platform === 'linux' ? 500 : 5_000;

/**
 * Aborts with the name of the signal at the first that reaches this process, its launcher, or whoever started them,
 * from wherever; a second one ends the process at once.
 */
export function listenForStops(launched: Launched): AbortSignal {
  const interrupted = new AbortController();
  const requests = createStopRequests({
    stop: (signal) => interrupted.abort(signal),
    end: (signal) => process.exit(exitCodeOf(signal)),
    afterEchoes,
  });
  for (const name of STOP_SIGNALS) process.on(name, () => requests.receive('own', name));
  for (const name of launched.takeSignals()) {
    if (isStopSignal(name)) requests.receive('own', name);
  }
  if (launched.parents.length > 1) {
    listenToLauncher((signal) => requests.receive('launcher', signal), orphaned);
  }
  watchPackageManager(launched, orphaned);
  return interrupted.signal;

  function orphaned(): void {
    requests.receive('orphaned', 'SIGTERM');
  }
}

/** Signals that have arrived are read between the timers and the immediates of a turn, however late that turn is. */
function afterEchoes(callback: () => void): void {
  setTimeout(() => setImmediate(callback).unref(), ECHO_MS).unref();
}

/** The launcher tells of its signals in words, and by its end of its own end. */
function listenToLauncher(onSignal: (signal: StopSignal) => void, onGone: () => void): void {
  process.on('message', (message: { readonly signal?: unknown }) => {
    if (isStopSignal(message.signal)) onSignal(message.signal);
  });
  process.on('disconnect', onGone);
  // It keeps no command running that is done.
  process.channel?.unref();
  if (!process.connected) onGone();
}

/** npm, yarn and pnpm say so in the environment. Who was started by anything else may outlive it, such as a shell. */
function watchPackageManager({ parents }: Launched, onGone: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const isGone = watchAncestors({ pids: [process.pid, ...parents], entryOf: processEntry });
  const look = (): void => {
    if (!isGone()) return;
    clearInterval(timer);
    onGone();
  };
  const timer = setInterval(look, LOOK_MS).unref();
  look();
}
