interface BackoffLimits {
  readonly minMs: number;
  readonly firstMs: number;
  readonly maxMs: number;
}

/** A stream that broke: back within five seconds, spread so that a restarted server is not stormed. */
export const RECONNECT: BackoffLimits = { minMs: 200, firstMs: 400, maxMs: 5_000 };

/** A server that has been away for several attempts. */
export const RECONNECT_AFTER_LONG: BackoffLimits = { minMs: 200, firstMs: 30_000, maxMs: 30_000 };

/** A report or acknowledgement that got no answer. */
export const RETRY: BackoffLimits = { minMs: 200, firstMs: 1_000, maxMs: 30_000 };

/**
 * Full jitter: a delay drawn evenly between `minMs` and a ceiling that doubles with each failed
 * attempt. `attempt` counts from 0; `random` is in [0, 1).
 */
export function backoffMs(limits: BackoffLimits, attempt: number, random: () => number): number {
  const ceilingMs = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt, 20));
  return limits.minMs + random() * Math.max(0, ceilingMs - limits.minMs);
}
