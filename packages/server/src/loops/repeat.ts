import { setTimeout as sleep } from 'node:timers/promises';

export interface Loop {
  /** Resolves when the round under way is over; no other begins. */
  stop(): Promise<void>;
}

/** Runs `round` again and again, `intervalMs` from the end of one to the start of the next. */
export function repeat(
  intervalMs: number,
  round: () => Promise<void>,
  onError: (error: unknown) => void,
): Loop {
  const stopped = new AbortController();
  const ended = run();
  return {
    stop: async () => {
      stopped.abort();
      await ended;
    },
  };

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await round().catch(onError);
      await sleep(intervalMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
}
