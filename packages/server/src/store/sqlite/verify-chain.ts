import { DatabaseSync } from 'node:sqlite';
import { chainHash, GENESIS_HASH } from '../chain.ts';
import type { ChainReport } from '../contract.ts';
import { integer, text } from './rows.ts';
import { pageChecker } from './verify-pages.ts';

/**
 * Recomputes every hash from the first event on, and the MAC of every page that events name, and
 * compares the end with the head, in one read transaction: what is appended meanwhile is not seen.
 */
export function verifyChain(file: string): ChainReport {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 5000; BEGIN');
    return compareWithHead(database, recompute(database));
  } finally {
    database.close();
  }
}

function recompute(database: DatabaseSync): ChainReport {
  let position = 0;
  let hash = GENESIS_HASH;
  const changedPageOf = pageChecker(database);
  const rows = database
    .prepare('SELECT position, previous_hash, hash, body FROM log ORDER BY position')
    .iterate();
  for (const row of rows) {
    const found = integer(row, 'position');
    const reason =
      found !== position + 1
        ? `position ${position + 1} is missing`
        : text(row, 'previous_hash') !== hash
          ? 'the previous hash is not that of the event before'
          : undefined;
    if (reason) return { intact: false, position: position + 1, reason };
    position = found;
    const body = text(row, 'body');
    hash = chainHash(hash, body);
    if (text(row, 'hash') !== hash) {
      return { intact: false, position, reason: 'the hash does not belong to the body' };
    }
    const page = changedPageOf(body);
    if (page !== undefined) {
      return { intact: false, position, reason: `the page ${page} is not the one that it names` };
    }
  }
  return { intact: true, position, hash };
}

function compareWithHead(database: DatabaseSync, report: ChainReport): ChainReport {
  if (!report.intact) return report;
  const head = database.prepare(`SELECT position, hash FROM head WHERE log = 'control'`).get();
  if (!head) return { intact: false, position: report.position, reason: 'the head is missing' };
  if (integer(head, 'position') !== report.position || text(head, 'hash') !== report.hash) {
    const reason = `the head names position ${integer(head, 'position')} and another hash`;
    return { intact: false, position: report.position, reason };
  }
  const known = furthestKnown(database);
  if (known <= report.position) return report;
  const reason = `the log ends here, but position ${known} was answered, copied or cached`;
  return { intact: false, position: report.position, reason };
}

/** The last position of which something beside the log knows: a log cut short leaves it behind. */
function furthestKnown(database: DatabaseSync): number {
  const row = database
    .prepare(
      `SELECT max(
         (SELECT coalesce(max(last_position), 0) FROM idempotency),
         (SELECT coalesce(max(position), 0) FROM state_cache),
         (SELECT copied_through FROM head WHERE log = 'intake')) AS position`,
    )
    .get();
  return row ? integer(row, 'position') : 0;
}
