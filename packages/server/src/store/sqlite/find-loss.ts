import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { LogStore } from '../contract.ts';
import { StoreBehindError } from '../errors.ts';
import {
  lossOf,
  type OpenStoreOptions,
  type StoreEnd,
  type StoreLoss,
  type Witness,
} from '../witness.ts';
import { openIntakeTable } from './intake-table.ts';
import { openLogTable } from './log-table.ts';
import { readWitness } from './witness-file.ts';

/** True where there is no database yet, or one without a byte. */
export function isEmpty(file: string): boolean {
  return !existsSync(file) || statSync(file).size === 0;
}

/** @throws StoreBehindError for an empty place where something says that a store was there. */
export function refuseEmpty(file: string, options: OpenStoreOptions): void {
  if (options.acceptLoss === true) return;
  const witness = readWitness(file);
  const wasThere = witness === 'unreadable' || (witness !== 'absent' && witness.position > 0);
  // SQLite makes a write-ahead log only beside a database that is there.
  const hasLog = !isEmpty(`${file}-wal`);
  if (!wasThere && !hasLog && options.isExpected !== true) return;
  const known = typeof witness === 'string' ? '' : ` with ${extent(witness)}`;
  throw new StoreBehindError(
    file,
    `the database is ${existsSync(file) ? 'empty' : 'gone'}, but a store was here${known}`,
  );
}

/**
 * Compares an opened store with its witness.
 *
 * @throws StoreBehindError where something is missing and that is not accepted.
 */
export function findLoss(
  file: string,
  database: DatabaseSync,
  options: OpenStoreOptions,
): Pick<LogStore, 'loss' | 'doubt'> {
  const witness = readWitness(file);
  const end = endOf(database);
  const loss =
    typeof witness === 'string' ? lostWhole(end, witness, options) : lossOf(end, witness);
  if (loss === undefined) {
    if (witness !== 'unreadable') return {};
    return { doubt: `the witness of ${file} cannot be read: what it knew was not compared` };
  }
  if (loss.foundAt === 'start' && options.acceptLoss !== true) {
    throw new StoreBehindError(file, describe(end, loss));
  }
  return { loss };
}

/** Without a witness that can be read: nothing is there, though there was a store. */
function lostWhole(
  { position, sequence }: StoreEnd,
  witness: 'absent' | 'unreadable',
  { isExpected }: OpenStoreOptions,
): StoreLoss | undefined {
  if (position > 0 || (witness === 'absent' && isExpected !== true)) return undefined;
  const telemetry = { after: sequence, through: sequence };
  return { foundAt: 'start', through: 0, lostHash: '', telemetry };
}

function describe(end: StoreEnd, { through, lostHash, telemetry }: StoreLoss): string {
  if (through === 0) return 'it holds no event, but a store was here';
  const was = extent({ position: through, sequence: telemetry.through });
  const isOther = end.position >= through && end.hashAt(through) !== lostHash;
  const other = isOther ? ', and what it has at that position is something else' : '';
  return `it ends with ${extent(end)}, but ${was} was there${other}`;
}

function extent({ position, sequence }: Pick<Witness, 'position' | 'sequence'>): string {
  return `position ${position} of the log and row ${sequence} of telemetry`;
}

/** Gives what a store holds now. */
export function witnessReader(database: DatabaseSync): () => Witness {
  const log = openLogTable(database);
  const intake = openIntakeTable(database);
  return () => {
    const { position, hash } = log.head();
    return { position, hash, sequence: intake.head().sequence };
  };
}

function endOf(database: DatabaseSync): StoreEnd {
  const log = openLogTable(database);
  return {
    ...witnessReader(database)(),
    hashAt: (wanted) => {
      const [event] = log.read({ after: wanted - 1, limit: 1 });
      return event?.position === wanted ? event.hash : undefined;
    },
  };
}
