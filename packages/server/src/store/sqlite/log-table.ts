import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JsonValue } from '@downhaul/engine';
import { chainHash } from '../chain.ts';
import type {
  AppendDecision,
  AppendOutcome,
  AppendRequest,
  EventDraft,
  LogHead,
  LogQuery,
  StoredEvent,
} from '../contract.ts';
import { integer, type Row, text } from './rows.ts';
import { inTransaction } from './transaction.ts';

export interface LogTable {
  head(): LogHead;
  append<Refusal>(request: AppendRequest<Refusal>, nowMs: number): AppendOutcome<Refusal>;
  read(query: LogQuery): readonly StoredEvent[];
}

/** The log with its head, idempotency keys and pages: everything one append touches. */
export function openLogTable(database: DatabaseSync): LogTable {
  const sql = prepare(database);
  const table: LogTable = {
    head: () => toHead(sql.readHead.get()),
    read: ({ after, limit, subject }) =>
      (subject === undefined
        ? sql.read.all(after, limit)
        : sql.readSubject.all(subject, after, limit)
      ).map(toEvent),
    append: (request, nowMs) => inTransaction(database, () => appendOnce(sql, request, nowMs)),
  };
  return table;
}

/** The first statement writes, so the transaction never has to turn a read lock into a write lock. */
function appendOnce<Refusal>(
  sql: Statements,
  request: AppendRequest<Refusal>,
  clockMs: number,
): AppendOutcome<Refusal> {
  const head = toHead(sql.lockHead.get());
  const earlier = sql.recall.get(request.idempotencyKey);
  if (earlier) return recall(earlier, request.commandHash);
  const nowMs = Math.max(clockMs, head.atMs);
  const missed =
    head.position > request.foldedThrough
      ? sql.read.all(request.foldedThrough, -1).map(toEvent)
      : [];
  const decision = request.decide({ position: head.position, nowMs, missed });
  if (decision.kind === 'refuse') return { kind: 'refused', refusal: decision.refusal };
  return store(sql, { request, decision, head, nowMs });
}

function recall(row: Row, commandHash: string): AppendOutcome<never> {
  if (text(row, 'command_hash') !== commandHash) return { kind: 'keyReused' };
  return { kind: 'replayed', answer: JSON.parse(text(row, 'answer')) as JsonValue };
}

interface Storing<Refusal> {
  readonly request: AppendRequest<Refusal>;
  readonly decision: Extract<AppendDecision<Refusal>, { kind: 'append' }>;
  readonly head: LogHead;
  readonly nowMs: number;
}

function store<Refusal>(
  sql: Statements,
  { request, decision, head, nowMs }: Storing<Refusal>,
): AppendOutcome<Refusal> {
  const events = chain(head, decision.events);
  for (const event of events) {
    sql.insert.run(event.position, event.previousHash, event.hash, event.body, event.subject);
  }
  const last = events.at(-1);
  if (last) {
    sql.moveHead.run(last.position, last.hash, nowMs);
    for (const page of request.pages) {
      sql.insertPage.run(page.id, page.nonce, page.mac, page.content);
    }
  }
  const { idempotencyKey, commandHash } = request;
  const first = events[0]?.position ?? head.position;
  const answer = JSON.stringify(decision.answer);
  sql.remember.run(idempotencyKey, commandHash, first, last?.position ?? first, answer, nowMs);
  return { kind: 'appended', events, answer: decision.answer };
}

function chain(head: LogHead, drafts: readonly EventDraft[]): StoredEvent[] {
  let previousHash = head.hash;
  return drafts.map(({ body, subject }, index) => {
    const hash = chainHash(previousHash, body);
    const event = { position: head.position + index + 1, previousHash, hash, body, subject };
    previousHash = hash;
    return event;
  });
}

type Statements = Readonly<
  Record<
    | 'lockHead'
    | 'readHead'
    | 'moveHead'
    | 'insert'
    | 'read'
    | 'readSubject'
    | 'recall'
    | 'remember'
    | 'insertPage',
    StatementSync
  >
>;

function prepare(database: DatabaseSync): Statements {
  return {
    lockHead: database.prepare(
      `UPDATE head SET position = position WHERE log = 'control' RETURNING position, hash, at_ms`,
    ),
    readHead: database.prepare(`SELECT position, hash, at_ms FROM head WHERE log = 'control'`),
    moveHead: database.prepare(
      `UPDATE head SET position = ?, hash = ?, at_ms = ? WHERE log = 'control'`,
    ),
    insert: database.prepare(`INSERT INTO log VALUES (?, ?, ?, ?, ?)`),
    read: database.prepare(`SELECT * FROM log WHERE position > ? ORDER BY position LIMIT ?`),
    readSubject: database.prepare(
      `SELECT * FROM log WHERE subject = ? AND position > ? ORDER BY position LIMIT ?`,
    ),
    recall: database.prepare(`SELECT command_hash, answer FROM idempotency WHERE key = ?`),
    remember: database.prepare(`INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?)`),
    insertPage: database.prepare(`INSERT INTO pages VALUES (?, ?, ?, ?)`),
  };
}

function toHead(row: Row | undefined): LogHead {
  if (!row) throw new Error('the store has no head row');
  return {
    position: integer(row, 'position'),
    hash: text(row, 'hash'),
    atMs: integer(row, 'at_ms'),
  };
}

function toEvent(row: Row): StoredEvent {
  return {
    position: integer(row, 'position'),
    previousHash: text(row, 'previous_hash'),
    hash: text(row, 'hash'),
    body: text(row, 'body'),
    subject: text(row, 'subject'),
  };
}
