const LIMIT_MS = 10_000;
const PAUSE_MS = 5;

/** Polls until the fact is true; fails with its name after a generous limit. */
export async function until(name: string, fact: () => unknown): Promise<void> {
  const startedAtMs = performance.now();
  while (!(await fact())) {
    if (performance.now() - startedAtMs > LIMIT_MS) throw new Error(`never happened: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
