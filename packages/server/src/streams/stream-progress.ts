import type { ServerResponse } from 'node:http';

/** What is under way for less is no stall. */
const STALLED_MS = 1_000;

/**
 * How much of what was written to a stream the operating system has taken. It is looked at now and then instead of
 * with each write, so that a version costs thousands of streams nothing more. More cannot be known here: what the
 * buffers of both machines hold may not have been read yet.
 */
export class StreamProgress {
  readonly #response: ServerResponse;
  #written = 0;
  #taken = 0;
  /** Since when something waits and nothing of it was taken. */
  #waitsSinceMs: number | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** `version`: what the frames lead to that were given to the stream so far. Times are the store's. */
  look(
    version: number,
    nowMs: number,
  ): { readonly written: number; readonly stalledSinceMs?: number } {
    const { socket, writableLength } = this.#response;
    const taken = (socket?.bytesWritten ?? 0) - writableLength;
    if (socket !== null && !socket.destroyed && writableLength === 0) {
      this.#written = version;
      this.#waitsSinceMs = undefined;
    } else if (taken > this.#taken) this.#waitsSinceMs = nowMs;
    else this.#waitsSinceMs ??= nowMs;
    this.#taken = Math.max(this.#taken, taken);
    const sinceMs = this.#waitsSinceMs;
    const isStalled = sinceMs !== undefined && nowMs - sinceMs >= STALLED_MS;
    return { written: this.#written, ...(isStalled ? { stalledSinceMs: sinceMs } : {}) };
  }
}
