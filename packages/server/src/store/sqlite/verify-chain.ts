import { DatabaseSync } from 'node:sqlite';
import { chainHash, GENESIS_HASH } from '../chain.ts';
import type { ChainReport, StoredEvent } from '../contract.ts';
import { createFoldCheck, type FoldCheck } from '../fold-check.ts';
import { openCacheTable } from './cache-table.ts';
import { toEvent } from './log-table.ts';
import { integer, text } from './rows.ts';
import { falseAnswer } from './verify-answers.ts';
import { pageChecker } from './verify-pages.ts';

/**
 * Recomputes every hash from the first event on, and the MAC of every page that events name, folds the log and
 * compares what is cached, indexed and answered beside it, and compares the end with the head, in one read
 * transaction: what is appended meanwhile is not seen.
 */
export function verifyChain(file: string): ChainReport {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 5000; BEGIN');
    return compareWithAnswers(database, compareWithHead(database, recompute(database)));
  } finally {
    database.close();
  }
}

function recompute(database: DatabaseSync): ChainReport {
  let position = 0;
  let hash = GENESIS_HASH;
  const changedPageOf = pageChecker(database);
  const check = createFoldCheck(openCacheTable(database).all());
  const rows = database.prepare('SELECT * FROM log ORDER BY position').iterate();
  for (const row of rows) {
    const event = toEvent(row);
    const broken = linkProblem({ position, hash }, event, check);
    if (broken) return { intact: false, position: position + 1, reason: broken };
    position = event.position;
    hash = chainHash(hash, event.body);
    const page = changedPageOf(event.body);
    const reason =
      event.hash !== hash
        ? 'the hash does not belong to the body'
        : page === undefined
          ? check.next(event)
          : `the page ${page} is not the one that it names`;
    if (reason) return { intact: false, position, reason };
  }
  return { intact: true, position, hash };
}

function linkProblem(
  before: { readonly position: number; readonly hash: string },
  event: StoredEvent,
  check: FoldCheck,
): string | undefined {
  if (!check.follows(before.position, event)) return `position ${before.position + 1} is missing`;
  if (event.previousHash === before.hash) return undefined;
  return 'the previous hash is not that of the event before';
}

function compareWithAnswers(database: DatabaseSync, report: ChainReport): ChainReport {
  const found = report.intact ? falseAnswer(database) : undefined;
  return found ? { intact: false, ...found } : report;
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
