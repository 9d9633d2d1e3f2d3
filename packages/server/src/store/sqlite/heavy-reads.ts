import type { BackupReport, ChainReport } from '../contract.ts';
import { runInWorker } from './run-in-worker.ts';

/** Reads of the whole file beside the event loop, each on a connection of its own. */
export interface HeavyReads {
  readonly file: string;
  readonly verify: () => Promise<ChainReport>;
  readonly backup: (path: string) => Promise<BackupReport>;
  /** Ends what is under way; resolves when no connection is left. */
  readonly stop: () => Promise<void>;
}

export function heavyReads(file: string): HeavyReads {
  const stopped = new AbortController();
  const running = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    const forget = (): void => void running.delete(work);
    work.then(forget, forget);
    return work;
  };
  return {
    file,
    verify: () => track(runInWorker({ kind: 'verify', file }, stopped.signal)),
    backup: (path) => track(runInWorker({ kind: 'copy', file, to: path }, stopped.signal)),
    stop: async () => {
      stopped.abort();
      await Promise.allSettled(running);
    },
  };
}
