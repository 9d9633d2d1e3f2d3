import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreSpace } from '../contract.ts';
import { StoreFullError, StoreUnwritableError } from '../errors.ts';

/** Really written, not sparse: so much is left for the way down when nothing else is. */
const RESERVE_BYTES = 16 << 20;
const CHUNK_BYTES = 1 << 20;
/** Below so much that is free telemetry is refused, and below the second also changes; less on small disks. */
const LOW_BYTES = 64 << 20;
const LOW_PART = 1 / 16;
const FULL_BYTES = 8 << 20;
const FULL_PART = 1 / 64;

/** What is to be written, the least wanted last. */
export type Priority = 'down' | 'change' | 'telemetry';

export interface SpaceKeeper {
  /** Measures, and makes the reserve again where there is room for it. */
  look(): StoreSpace;
  /** @throws StoreFullError where there is no room for it. */
  admit(priority: Priority): void;
  /** Writes; the way down takes the reserve where the disk is full. Errors of the disk get their own classes. */
  write<T>(priority: Priority, work: () => T): T;
}

/** Watches the disk of a store and keeps a reserve on it. */
export function createSpaceKeeper(file: string): SpaceKeeper {
  const reserve = `${file}.reserve`;
  /** From a failed write until one that did not. */
  let problem: string | undefined;
  /** The disk said so itself, whatever it reports as free. */
  let isRefused = false;
  /** What the way down took. It is no room for anything else: the reserve comes back whole, or not yet. */
  let takenBytes = 0;
  const keeper: SpaceKeeper = {
    look: () => {
      const { bsize, bavail, blocks } = statfsSync(dirname(file));
      const freeBytes = bsize * bavail;
      const lowBytes = Math.min(LOW_BYTES, bsize * blocks * LOW_PART);
      const fullBytes = Math.min(FULL_BYTES, bsize * blocks * FULL_PART);
      if (sizeOf(reserve) === 0 && freeBytes > takenBytes + 2 * lowBytes) {
        makeReserve(reserve, Math.min(RESERVE_BYTES, Math.floor((freeBytes - lowBytes) / 2)));
      }
      const reserveBytes = sizeOf(reserve);
      if (reserveBytes > 0) takenBytes = 0;
      if (freeBytes >= lowBytes && reserveBytes > 0) isRefused = false;
      const isFull = isRefused || freeBytes < fullBytes || reserveBytes === 0;
      const room = isFull ? 'full' : freeBytes < lowBytes ? 'low' : 'ample';
      const level = problem === undefined ? room : 'unwritable';
      return { level, freeBytes, reserveBytes, ...(problem === undefined ? {} : { problem }) };
    },
    admit: (priority) => {
      const { level } = keeper.look();
      if (priority === 'down' || level === 'ample' || level === 'unwritable') return;
      if (level === 'full' || priority === 'telemetry') throw new StoreFullError();
    },
    write: (priority, work) => {
      keeper.admit(priority);
      try {
        return attempt(work);
      } catch (error) {
        if (!(error instanceof StoreFullError)) throw error;
        isRefused = true;
        if (priority !== 'down' || sizeOf(reserve) === 0) throw error;
        takenBytes = sizeOf(reserve);
        rmSync(reserve, { force: true });
        return attempt(work);
      }
    },
  };
  return keeper;

  function attempt<T>(work: () => T): T {
    try {
      const result = work();
      problem = undefined;
      return result;
    } catch (error) {
      const fault = faultOf(error);
      if (fault instanceof StoreUnwritableError) problem = fault.problem;
      throw fault;
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** All of it or none. */
function makeReserve(path: string, bytes: number): void {
  const chunk = randomBytes(Math.min(CHUNK_BYTES, bytes));
  try {
    const descriptor = openSync(path, 'w', 0o600);
    try {
      for (let left = bytes; left > 0;)
        left -= writeSync(descriptor, chunk, 0, Math.min(left, chunk.length));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    rmSync(path, { force: true });
  }
}

const FULL = 13;
/** SQLite's own words for a disk, or rights, that do not let it write. */
const UNWRITABLE: Readonly<Record<number, string>> = {
  3: 'access is denied',
  8: 'it is read-only',
  10: 'the disk failed',
  14: 'a file cannot be opened',
};

/** The error of the disk behind one of SQLite, where it is one. */
function faultOf(error: unknown): unknown {
  const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown };
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StoreFullError({ cause: error });
  if (typeof errcode !== 'number') return error;
  const primary = errcode & 0xff;
  if (primary === FULL) return new StoreFullError({ cause: error });
  const problem = UNWRITABLE[primary];
  return problem === undefined ? error : new StoreUnwritableError(problem, { cause: error });
}
