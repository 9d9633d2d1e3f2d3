import type { DatabaseSync } from 'node:sqlite';
import { StoreUnusableError } from '../errors.ts';
import { firstMigration } from './migrations/0001-log-and-intake.ts';

/** In order; the number of a migration is its place, from 1. Never change one that was released. */
const migrations: readonly string[] = [firstMigration];

/**
 * Brings the schema up to date, each migration in a transaction of its own with its number
 * (`user_version`), so that none is ever half applied.
 *
 * @throws StoreUnusableError when the file was written by a newer release.
 */
export function migrate(database: DatabaseSync): void {
  const { user_version: applied } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (applied > migrations.length) {
    throw new StoreUnusableError(
      `the store has schema ${applied}, this release knows ${migrations.length}: use a newer release`,
    );
  }
  migrations.slice(applied).forEach((sql, index) => {
    database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${applied + index + 1}; COMMIT`);
  });
}
