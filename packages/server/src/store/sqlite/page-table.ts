import type { DatabaseSync } from 'node:sqlite';
import type { Page } from '../contract.ts';
import { text } from './rows.ts';
import { inTransaction } from './transaction.ts';

interface PageTable {
  read(id: string): Page | undefined;
  /** Deletes content and nonce; `secure_delete` overwrites them in the file. */
  erase(ids: readonly string[]): void;
}

export function openPageTable(database: DatabaseSync): PageTable {
  const read = database.prepare(`SELECT * FROM pages WHERE id = ?`);
  const erase = database.prepare(`DELETE FROM pages WHERE id = ?`);
  return {
    read: (id) => {
      const row = read.get(id);
      return (
        row && {
          id: text(row, 'id'),
          nonce: text(row, 'nonce'),
          mac: text(row, 'mac'),
          content: text(row, 'content'),
        }
      );
    },
    erase: (ids) => {
      inTransaction(database, () => ids.forEach((id) => erase.run(id)));
      // The write-ahead log holds copies too.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
  };
}
