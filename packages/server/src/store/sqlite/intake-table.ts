import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IntakeDraft, IntakeHead, IntakeOutcome, StoredIntakeRow } from '../contract.ts';
import { integer, type Row, text } from './rows.ts';
import { inTransaction } from './transaction.ts';

interface IntakeTable {
  head(): IntakeHead;
  append(drafts: readonly IntakeDraft[], copiedThrough: number, nowMs: number): IntakeOutcome;
  read(query: { readonly after: number; readonly limit: number }): readonly StoredIntakeRow[];
}

/** Telemetry and what closes its batches, numbered under one head row in commit order. */
export function openIntakeTable(database: DatabaseSync): IntakeTable {
  const sql = prepare(database);
  return {
    head: () => toHead(sql.readHead.get()),
    read: ({ after, limit }) => sql.read.all(after, limit).map(toRow),
    append: (drafts, copiedThrough, nowMs) =>
      inTransaction(database, () => appendAll(sql, { drafts, copiedThrough, clockMs: nowMs })),
  };
}

interface Appending {
  readonly drafts: readonly IntakeDraft[];
  readonly copiedThrough: number;
  readonly clockMs: number;
}

function appendAll(sql: Statements, { drafts, copiedThrough, clockMs }: Appending): IntakeOutcome {
  const head = toHead(sql.lockHead.get());
  const atMs = Math.max(clockMs, head.atMs);
  let sequence = head.sequence;
  const rows = drafts.map((draft): StoredIntakeRow | 'duplicate' => {
    const { changes } = sql.insert.run(
      sequence + 1,
      atMs,
      draft.source ?? null,
      draft.reportSequence ?? null,
      draft.body,
    );
    if (changes === 0) return 'duplicate';
    sequence += 1;
    return { sequence, atMs, body: draft.body };
  });
  sql.moveHead.run(sequence, atMs, Math.max(copiedThrough, head.copiedThrough));
  return { rows };
}

type Statements = Readonly<
  Record<'lockHead' | 'readHead' | 'moveHead' | 'insert' | 'read', StatementSync>
>;

function prepare(database: DatabaseSync): Statements {
  const columns = 'position, at_ms, copied_through';
  return {
    lockHead: database.prepare(
      `UPDATE head SET position = position WHERE log = 'intake' RETURNING ${columns}`,
    ),
    readHead: database.prepare(`SELECT ${columns} FROM head WHERE log = 'intake'`),
    moveHead: database.prepare(
      `UPDATE head SET position = ?, at_ms = ?, copied_through = ? WHERE log = 'intake'`,
    ),
    insert: database.prepare(
      `INSERT INTO intake VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (source, report_sequence) WHERE source IS NOT NULL DO NOTHING`,
    ),
    read: database.prepare(
      `SELECT sequence, at_ms, body FROM intake WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    ),
  };
}

function toHead(row: Row | undefined): IntakeHead {
  if (!row) throw new Error('the store has no intake head row');
  return {
    sequence: integer(row, 'position'),
    atMs: integer(row, 'at_ms'),
    copiedThrough: integer(row, 'copied_through'),
  };
}

function toRow(row: Row): StoredIntakeRow {
  return {
    sequence: integer(row, 'sequence'),
    atMs: integer(row, 'at_ms'),
    body: text(row, 'body'),
  };
}
