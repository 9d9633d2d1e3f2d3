import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work in short turns, so that everything else gets its own between them (invariant 4). */
export interface Turns {
  /** Resolves at once while the turn lasts, and after everybody else had theirs when it is over. */
  take(): Promise<void>;
}

const TURN_MS = 5;

export function createTurns(): Turns {
  let startedMs = performance.now();
  return {
    take: async () => {
      if (performance.now() - startedMs < TURN_MS) return;
      await nextTurn();
      startedMs = performance.now();
    },
  };
}
