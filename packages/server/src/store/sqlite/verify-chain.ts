import { DatabaseSync } from 'node:sqlite';
import { chainHash, GENESIS_HASH } from '../chain.ts';
import type { ChainReport } from '../contract.ts';
import { integer, text } from './rows.ts';

/**
 * Recomputes every hash from the first event on and compares it with the head, in one read
 * transaction: what is appended meanwhile is not seen.
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
    hash = chainHash(hash, text(row, 'body'));
    if (text(row, 'hash') !== hash) {
      return { intact: false, position, reason: 'the hash does not belong to the body' };
    }
  }
  return { intact: true, position, hash };
}

function compareWithHead(database: DatabaseSync, report: ChainReport): ChainReport {
  if (!report.intact) return report;
  const head = database.prepare(`SELECT position, hash FROM head WHERE log = 'control'`).get();
  if (!head) return { intact: false, position: report.position, reason: 'the head is missing' };
  if (integer(head, 'position') === report.position && text(head, 'hash') === report.hash) {
    return report;
  }
  const reason = `the head names position ${integer(head, 'position')} and another hash`;
  return { intact: false, position: report.position, reason };
}
