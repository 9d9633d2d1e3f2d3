import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { BackupReport } from '../contract.ts';
import { StoreUnusableError } from '../errors.ts';
import { settle } from './copy-database.ts';
import { readErasures } from './erasures.ts';
import { holdLock } from './hold-lock.ts';
import { openDatabase } from './open-database.ts';
import { openPageTable } from './page-table.ts';
import { verifyChain } from './verify-chain.ts';

export interface RestoreReport extends BackupReport {
  /** Pages erased again, because they were erased after the backup was made. */
  readonly erasedPages: number;
}

/**
 * Puts a backup in the place of a store that no server holds. The backup is verified and erasures
 * are replayed before anything of the present store is touched.
 *
 * @throws StoreHeldError while a server runs on it; StoreUnusableError for a file that is no intact
 * backup, or when a store is there and `replace` is not set.
 */
export function restoreSqliteStore(
  backup: string,
  file: string,
  options: { readonly replace?: boolean } = {},
): RestoreReport {
  const lock = holdLock(file);
  try {
    if (existsSync(file) && !options.replace) {
      throw new StoreUnusableError(`${file} exists: say that it is to be replaced`);
    }
    const unfinished = `${file}.unfinished`;
    removeDatabase(unfinished);
    copyFileSync(backup, unfinished);
    const report = prepare(unfinished, readErasures(file));
    // The store itself is renamed over, never removed: a kill in between must not leave an empty place.
    removeLogOf(file);
    settle(unfinished, file);
    return { ...report, path: file, bytes: statSync(file).size };
  } finally {
    lock.release();
  }
}

function prepare(unfinished: string, erasures: readonly string[]): Omit<RestoreReport, 'bytes'> {
  const chain = readChain(unfinished);
  const erasedPages = eraseAgain(unfinished, erasures);
  return { path: unfinished, position: chain.position, hash: chain.hash, erasedPages };
}

function readChain(file: string): { position: number; hash: string } {
  let chain;
  try {
    chain = verifyChain(file);
  } catch (error) {
    removeDatabase(file);
    throw new StoreUnusableError('the file is no backup of a store', { cause: error });
  }
  if (chain.intact) return chain;
  removeDatabase(file);
  throw new StoreUnusableError(
    `the backup's chain is broken at ${chain.position}: ${chain.reason}`,
  );
}

function eraseAgain(file: string, pageIds: readonly string[]): number {
  const database = openDatabase(file);
  try {
    const pages = openPageTable(database);
    const present = pageIds.filter((id) => pages.read(id));
    if (present.length > 0) pages.erase(present);
    return present.length;
  } finally {
    closeWithoutLog(database);
  }
}

/** Leaves one file: the write-ahead log would not come along when it is renamed. */
function closeWithoutLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
  database.close();
}

function removeDatabase(file: string): void {
  rmSync(file, { force: true });
  removeLogOf(file);
}

/** A write-ahead log of another database beside a file would be played into it. */
function removeLogOf(file: string): void {
  for (const path of [`${file}-wal`, `${file}-shm`]) rmSync(path, { force: true });
}
