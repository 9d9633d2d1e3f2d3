import { setTimeout as sleep } from 'node:timers/promises';

/** How long an attempt that did not get through is repeated. */
export interface Patience {
  /** From the first attempt on; 0 means one attempt. */
  readonly forMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** A question is cheap to ask again by hand; somebody waiting wants to know at once. */
export const patienceOfQuestion: Patience = { forMs: 0, firstPauseMs: 200, longestPauseMs: 2_000 };
/** A change has its idempotency key, so a repetition can never make it twice. */
export const patienceOfChange: Patience = {
  forMs: 5_000,
  firstPauseMs: 200,
  longestPauseMs: 2_000,
};
/** A way down is wanted more than anything: keep at it while a server restarts. */
export const patienceOfWayDown: Patience = {
  forMs: 60_000,
  firstPauseMs: 100,
  longestPauseMs: 1_000,
};

interface Attempts<T> {
  readonly attempt: () => Promise<T>;
  readonly patience: Patience;
  readonly mayRepeat: (error: unknown) => boolean;
  /** Told before each pause how long there is left. */
  readonly onPause: (error: unknown, leftMs: number) => void;
  readonly interrupted: AbortSignal;
  readonly nowMs: () => number;
}

/** Repeats an attempt with growing pauses until it gets through, may not be repeated, or time is up. */
export async function persist<T>(attempts: Attempts<T>): Promise<T> {
  const { patience, nowMs } = attempts;
  const endMs = nowMs() + patience.forMs;
  let pauseMs = patience.firstPauseMs;
  for (;;) {
    try {
      return await attempts.attempt();
    } catch (error) {
      if (!attempts.mayRepeat(error) || nowMs() + pauseMs > endMs) throw error;
      attempts.onPause(error, endMs - nowMs());
      await sleep(pauseMs, undefined, { signal: attempts.interrupted });
      pauseMs = Math.min(pauseMs * 2, patience.longestPauseMs);
    }
  }
}
