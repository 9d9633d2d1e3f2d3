import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreHeldError, type StoreHolder } from '../errors.ts';

interface HeldLock {
  /** Says who holds it; called again when the address is known. */
  readonly announce: (holder: StoreHolder) => void;
  readonly release: () => void;
}

/**
 * Takes the store for this process, or throws `StoreHeldError`. The lock is an exclusive SQLite
 * transaction on `<file>.lock`: the kernel drops it with the process, so a killed server leaves none
 * behind. `<file>.holder` is a note for people and decides nothing.
 */
export function holdLock(file: string): HeldLock {
  const lockFile = `${file}.lock`;
  const note = `${file}.holder`;
  // Never open an existing lock file by other means: closing it would drop the lock of this process.
  if (!existsSync(lockFile)) closeSync(openSync(lockFile, 'a', 0o600));
  const database = new DatabaseSync(lockFile);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new StoreHeldError(file, readNote(note));
  }
  return {
    announce: (holder) => writeFileSync(note, JSON.stringify(holder), { mode: 0o600 }),
    release: () => {
      rmSync(note, { force: true });
      database.close();
    },
  };
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && (error as { errcode?: number }).errcode === SQLITE_BUSY;
}

function readNote(note: string): StoreHolder | undefined {
  try {
    return JSON.parse(readFileSync(note, 'utf8')) as StoreHolder;
  } catch {
    return undefined; // Never written or half written: the lock stands without it.
  }
}
