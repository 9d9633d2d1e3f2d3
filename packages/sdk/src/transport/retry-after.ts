import type { IncomingHttpHeaders } from 'node:http';

/** No server keeps a client silent for longer than this. */
const LONGEST_MS = 5 * 60_000;

/** Milliseconds of a `Retry-After` header (RFC 9110, 10.2.3: seconds or a date); 0 without one. */
export function retryAfterMs(headers: IncomingHttpHeaders, nowMs: number): number {
  const text = headers['retry-after'];
  if (text === undefined) return 0;
  const seconds = Number(text);
  const delayMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(delayMs) ? Math.min(Math.max(0, delayMs), LONGEST_MS) : 0;
}
