import type { SQLOutputValue } from 'node:sqlite';

/** A row as SQLite gives it. STRICT tables guarantee the types that these readers state. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is not a text`);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is not an integer`);
  return value;
}
