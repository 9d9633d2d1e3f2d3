import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JsonValue } from '@downhaul/engine';
import { chainHash } from '../chain.ts';
import type {
  AppendDecision,
  AppendHead,
  AppendOutcome,
  AppendRequest,
  EventDraft,
  LogHead,
  LogQuery,
  SubjectQuery,
  StoredEvent,
} from '../contract.ts';
import { integer, type Row, text } from './rows.ts';
import { inTransaction } from './transaction.ts';

export interface LogTable {
  head(): LogHead;
  /**
   * Appends for all requests in one transaction, each deciding on what those before it will have
   * appended. The outcomes are in their order; one that throws is left out of the transaction.
   */
  append(requests: readonly AppendRequest<unknown>[], nowMs: number): readonly AppendResult[];
  read(query: LogQuery): readonly StoredEvent[];
  readSubject(query: SubjectQuery): readonly StoredEvent[];
}

/** An outcome, or what `decide` threw. */
export type AppendResult =
  | { readonly ok: true; readonly outcome: AppendOutcome<unknown> }
  | { readonly ok: false; readonly error: unknown };

/** The log with its head, idempotency keys and pages: everything one append touches. */
export function openLogTable(database: DatabaseSync): LogTable {
  const sql = prepare(database);
  return {
    head: () => toHead(sql.readHead.get()),
    read: ({ after, limit, subject }) =>
      (subject === undefined
        ? sql.read.all(after, limit)
        : sql.readSubject.all(subject, after, limit)
      ).map(toEvent),
    readSubject: ({ subject, upTo, limit }) => sql.readBack.all(subject, upTo, limit).map(toEvent),
    append: (requests, clockMs) =>
      inTransaction(database, () => {
        // The first statement writes: no read lock has to be turned into a write lock later.
        const head = toHead(sql.lockHead.get());
        const group: Group = { head, nowMs: Math.max(clockMs, head.atMs), tentative: [] };
        const results = requests.map((request) => appendOne(sql, group, request));
        const last = group.tentative.at(-1);
        if (last) sql.moveHead.run(last.position, last.hash, group.nowMs);
        return results;
      }),
  };
}

/** What the requests of one transaction share. */
interface Group {
  readonly head: LogHead;
  readonly nowMs: number;
  readonly tentative: StoredEvent[];
}

function appendOne(sql: Statements, group: Group, request: AppendRequest<unknown>): AppendResult {
  const earlier = sql.recall.get(request.idempotencyKey);
  if (earlier) return { ok: true, outcome: recall(earlier, request.commandHash) };
  let decision: AppendDecision<unknown>;
  try {
    decision = request.decide(headFor(sql, group, request.foldedThrough()));
  } catch (error) {
    return { ok: false, error };
  }
  if (decision.kind === 'refuse') {
    return { ok: true, outcome: { kind: 'refused', refusal: decision.refusal } };
  }
  return { ok: true, outcome: store(sql, group, { request, decision }) };
}

function headFor(
  sql: Statements,
  { head, nowMs, tentative }: Group,
  foldedThrough: number,
): AppendHead {
  const missed =
    head.position > foldedThrough ? sql.readTo.all(foldedThrough, head.position).map(toEvent) : [];
  const { position } = tentative.at(-1) ?? head;
  return { position, nowMs, missed, tentative };
}

function recall(row: Row, commandHash: string): AppendOutcome<never> {
  if (text(row, 'command_hash') !== commandHash) return { kind: 'keyReused' };
  return { kind: 'replayed', answer: JSON.parse(text(row, 'answer')) as JsonValue };
}

interface Decided {
  readonly request: AppendRequest<unknown>;
  readonly decision: Extract<AppendDecision<unknown>, { kind: 'append' }>;
}

function store(
  sql: Statements,
  group: Group,
  { request, decision }: Decided,
): AppendOutcome<never> {
  const before = group.tentative.at(-1) ?? group.head;
  const { behind = before.position } = decision;
  const from = { position: Math.max(before.position, behind), hash: before.hash };
  const events = chain(from, decision.events);
  for (const event of events) {
    sql.insert.run(event.position, event.previousHash, event.hash, event.body, event.subject);
  }
  if (events.length > 0) {
    for (const page of request.pages) {
      sql.insertPage.run(page.id, page.nonce, page.mac, page.content);
    }
  }
  const { idempotencyKey, commandHash } = request;
  const first = events[0]?.position ?? before.position;
  const last = events.at(-1)?.position ?? first;
  const answer = JSON.stringify(decision.answer);
  sql.remember.run(idempotencyKey, commandHash, first, last, answer, group.nowMs);
  group.tentative.push(...events);
  return { kind: 'appended', events, answer: decision.answer };
}

function chain(
  before: Pick<LogHead, 'position' | 'hash'>,
  drafts: readonly EventDraft[],
): StoredEvent[] {
  let previousHash = before.hash;
  return drafts.map(({ body, subject }, index) => {
    const hash = chainHash(previousHash, body);
    const event = { position: before.position + index + 1, previousHash, hash, body, subject };
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
    | 'readTo'
    | 'readSubject'
    | 'readBack'
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
    readTo: database.prepare(
      `SELECT * FROM log WHERE position > ? AND position <= ? ORDER BY position`,
    ),
    readSubject: database.prepare(
      `SELECT * FROM log WHERE subject = ? AND position > ? ORDER BY position LIMIT ?`,
    ),
    readBack: database.prepare(
      `SELECT * FROM log WHERE subject = ? AND position <= ? ORDER BY position DESC LIMIT ?`,
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

export function toEvent(row: Row): StoredEvent {
  return {
    position: integer(row, 'position'),
    previousHash: text(row, 'previous_hash'),
    hash: text(row, 'hash'),
    body: text(row, 'body'),
    subject: text(row, 'subject'),
  };
}
