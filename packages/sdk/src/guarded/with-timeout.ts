/** The treatment of a guarded call took longer than its `timeoutMs`. */
export class GuardedTimeoutError extends Error {
  override readonly name = 'GuardedTimeoutError';
  readonly code = 'DOWNHAUL_GUARDED_TIMEOUT';
}

type Work<T> = (call: { readonly signal: AbortSignal }) => T | Promise<T>;

/** Runs work; rejects with `GuardedTimeoutError` and aborts its signal when its time is over. */
export async function withTimeout<T>(work: Work<T>, timeoutMs: number | undefined): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  if (timeoutMs === undefined) return work({ signal });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new GuardedTimeoutError(`the treatment took longer than ${timeoutMs} ms`);
      reject(error);
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    // A work that fails after its time has no listener left: `race` has taken note of it already.
    return await Promise.race([work({ signal }), limit]);
  } finally {
    clearTimeout(timer);
  }
}
