import type { DatabaseSync } from 'node:sqlite';
import type { Pruned, RetentionLimits, StoreFigures } from '../contract.ts';
import { integer } from './rows.ts';
import { inTransaction } from './transaction.ts';

interface Retention {
  prune(limits: RetentionLimits): Pruned;
  figures(): StoreFigures;
}

/** Rows deleted in one go: a bound on how long an append waits behind it. */
const CHUNK = 5_000;

/** Intake rows go only when a checkpoint holds what they said. */
export function openRetention(database: DatabaseSync): Retention {
  const keys = database.prepare(
    `DELETE FROM idempotency WHERE key IN
       (SELECT key FROM idempotency WHERE at_ms < ? ORDER BY at_ms LIMIT ${CHUNK})`,
  );
  const intake = database.prepare(
    `DELETE FROM intake WHERE sequence IN
       (SELECT sequence FROM intake WHERE at_ms < ?
        AND sequence <= (SELECT coalesce(min(sequence), 0) FROM checkpoint)
        ORDER BY sequence LIMIT ${CHUNK})`,
  );
  const figures = database.prepare(`SELECT
    (SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()) AS bytes,
    (SELECT count(*) FROM idempotency) AS keys,
    (SELECT count(*) FROM pages) AS pages,
    (SELECT coalesce(max(sequence) - min(sequence) + 1, 0) FROM intake) AS intake,
    (SELECT coalesce(min(at_ms), 0) FROM intake) AS oldest,
    (SELECT count(*) FROM state_cache) AS caches`);
  return {
    prune: ({ idempotencyBeforeMs, intakeBeforeMs }) =>
      inTransaction(database, () => ({
        idempotencyKeys: Number(keys.run(idempotencyBeforeMs).changes),
        intakeRows: Number(intake.run(intakeBeforeMs).changes),
      })),
    figures: () => {
      const row = figures.get();
      if (!row) throw new Error('the store gave no figures');
      return {
        bytes: integer(row, 'bytes'),
        idempotencyKeys: integer(row, 'keys'),
        pages: integer(row, 'pages'),
        intakeRows: integer(row, 'intake'),
        oldestIntakeAtMs: integer(row, 'oldest'),
        stateCaches: integer(row, 'caches'),
      };
    },
  };
}
