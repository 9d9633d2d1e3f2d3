import type { ServerContext } from '../http/context.ts';

/** A start folds at most so many events, and those that came while the cache was written. */
const EVENTS_PER_CACHE = 10_000;

/** Writes the state down every so many events, to start faster. */
export function followStateCache({ log, intake, logger }: ServerContext): void {
  let cachedAt = log.state.position;
  log.onCommit(() => {
    if (log.state.position - cachedAt < EVENTS_PER_CACHE) return;
    cachedAt = log.state.position;
    write().catch((error: unknown) => logger.error({ err: error }, 'no state cache was written'));
  });

  /** The intake first: a start folds from the newest cache whose rollout changes the intake has. */
  async function write(): Promise<void> {
    await intake.flush();
    await log.writeCache();
  }
}
