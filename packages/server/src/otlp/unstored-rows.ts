import { refusal } from '../error/refusal.ts';
import { timeLimit } from '../intake/time-limit.ts';

/** Rows that wait in the intake until they are durable. */
interface UnstoredRows {
  add(row: Promise<unknown>): void;
  /**
   * Resolves when all of them are durable, also those of exports before: a repeated export brings nothing new, and
   * what it repeats may still wait.
   *
   * @throws Refusal `telemetry_later` after five seconds: exporters give up after ten, and repeat.
   */
  allStored(): Promise<void>;
}

const STORED_WITHIN_MS = 5_000;
const RETRY_AFTER_SECONDS = 2;

export function createUnstoredRows(): UnstoredRows {
  const rows = new Set<Promise<unknown>>();
  return {
    add: (row) => {
      rows.add(row);
      const over = () => rows.delete(row);
      row.then(over, over);
    },
    allStored: async () => {
      const limit = timeLimit(STORED_WITHIN_MS);
      try {
        await Promise.race([Promise.all(rows), limit.passed]);
      } catch {
        throw refusal('telemetry_later', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
      } finally {
        limit.clear();
      }
    },
  };
}
