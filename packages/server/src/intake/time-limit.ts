interface TimeLimit {
  /** Rejects when the time is over. */
  readonly passed: Promise<never>;
  clear(): void;
}

/** Bounds how long somebody waits. */
export function timeLimit(limitMs: number): TimeLimit {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${limitMs} ms`)), limitMs);
  });
  // Whoever waits for something else meanwhile is told by that.
  passed.catch(() => undefined);
  return { passed, clear: () => clearTimeout(timer) };
}
