export type Timer = ReturnType<typeof setTimeout>;

/** A timer that does not keep the host's process alive. */
export function backgroundTimer(action: () => void, delayMs: number): Timer {
  return setTimeout(action, delayMs).unref();
}

/** Settles with the promise, or with undefined after `limitMs`; the timer keeps the process alive. */
export async function atMost<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  let timer: Timer | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
