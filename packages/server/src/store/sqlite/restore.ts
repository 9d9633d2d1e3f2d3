import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { BackupReport } from '../contract.ts';
import { StoreUnusableError } from '../errors.ts';
import { settle } from './copy-database.ts';
import { readErasures } from './erasures.ts';
import { holdLock } from './hold-lock.ts';
import { openDatabase } from './open-database.ts';
import { openPageTable } from './page-table.ts';
import type { Witness } from '../witness.ts';
import { witnessReader } from './find-loss.ts';
import { verifyChain } from './verify-chain.ts';
import { readWitness, writeWitness } from './witness-file.ts';

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
    writeWitness(file, witnessOfRestored(file, unfinished));
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

/**
 * What was there before stays known: the next start records that it is gone, and gives out no position again that it
 * had. Written first: beside the store that it replaces it is as true.
 */
function witnessOfRestored(file: string, unfinished: string): Witness {
  const { position, hash, sequence } = read(unfinished);
  const before = readWitness(file);
  const replaced = endOfReplaced(file);
  const known = typeof before === 'string' ? replaced : furthest(before, replaced);
  if (known === undefined) return { position, hash, sequence };
  return { ...known, restored: { position, hash } };
}

function furthest(before: Witness, replaced: Witness | undefined): Witness {
  return replaced !== undefined && replaced.position >= before.position ? replaced : before;
}

function endOfReplaced(file: string): Witness | undefined {
  try {
    return existsSync(file) ? read(file) : undefined;
  } catch {
    return undefined; // It is replaced because it cannot be read.
  }
}

function read(file: string): Witness {
  const database = new DatabaseSync(file);
  try {
    return witnessReader(database)();
  } finally {
    database.close();
  }
}
