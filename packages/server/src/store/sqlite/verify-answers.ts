import type { DatabaseSync } from 'node:sqlite';
import { integer, text } from './rows.ts';

interface Answered {
  readonly position: number;
  readonly reason: string;
}

/**
 * Looks for an answer, kept for retries under an idempotency key, that names events which the log does not have: a
 * retry would be told of what never happened.
 */
export function falseAnswer(database: DatabaseSync): Answered | undefined {
  const read = database.prepare('SELECT body FROM log WHERE position = ?');
  const rows = database.prepare('SELECT key, last_position, answer FROM idempotency').iterate();
  for (const row of rows) {
    for (const { position, type } of eventsOf(text(row, 'answer'))) {
      const event = read.get(position);
      if (event !== undefined && typeOf(text(event, 'body')) === type) continue;
      const reason = `the answer kept for ${text(row, 'key')} names ${type} at ${position}, which is not in the log`;
      return { position: integer(row, 'last_position'), reason };
    }
  }
  return undefined;
}

interface NamedEvent {
  readonly position: number;
  readonly type: string;
}

function eventsOf(answer: string): readonly NamedEvent[] {
  const { events } = (JSON.parse(answer) ?? {}) as { readonly events?: unknown };
  if (!Array.isArray(events)) return [];
  return events.filter(
    (each: Partial<NamedEvent>): each is NamedEvent =>
      typeof each.position === 'number' && typeof each.type === 'string',
  );
}

function typeOf(body: string): unknown {
  return (JSON.parse(body) as { readonly type?: unknown }).type;
}
