import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnusableError } from '../errors.ts';
import { migrate } from './migrations.ts';

/** Opens or creates the store's file, mode 0600, durable at every commit, schema up to date. */
export function openDatabase(file: string): DatabaseSync {
  // SQLite gives the write-ahead log the mode of the file itself.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA busy_timeout = 5000;
      PRAGMA foreign_keys = ON;
      PRAGMA secure_delete = ON;
    `);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof StoreUnusableError) throw error;
    throw new StoreUnusableError(`${file} cannot be used as a store`, { cause: error });
  }
}
