import type { DatabaseSync } from 'node:sqlite';
import type { Checkpoint, StateCache } from '../contract.ts';
import type { BesideLog } from '../fold-check.ts';
import { integer, type Row, text } from './rows.ts';
import { inTransaction } from './transaction.ts';

/** So many of each are kept: the newest, and some to fall back to. */
const KEPT = 3;

interface CacheTable {
  readStateCache(atOrBefore: number): StateCache | undefined;
  writeStateCache(cache: StateCache): void;
  readCheckpoint(atOrBefore: number): Checkpoint | undefined;
  writeCheckpoint(checkpoint: Checkpoint): void;
  /** Everything that is kept, to be compared with the log. */
  all(): BesideLog;
}

/** Folds kept to start faster. Deleting every row here loses nothing but time. */
export function openCacheTable(database: DatabaseSync): CacheTable {
  const readState = database.prepare(
    `SELECT * FROM state_cache WHERE position <= ? ORDER BY position DESC LIMIT 1`,
  );
  const writeState = database.prepare(`INSERT OR REPLACE INTO state_cache VALUES (?, ?, ?)`);
  const thinStates = database.prepare(
    `DELETE FROM state_cache WHERE position NOT IN
       (SELECT position FROM state_cache ORDER BY position DESC LIMIT ${KEPT})`,
  );
  const readCheckpoint = database.prepare(
    `SELECT * FROM checkpoint WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1`,
  );
  const writeCheckpoint = database.prepare(`INSERT OR REPLACE INTO checkpoint VALUES (?, ?)`);
  const thinCheckpoints = database.prepare(
    `DELETE FROM checkpoint WHERE sequence NOT IN
       (SELECT sequence FROM checkpoint ORDER BY sequence DESC LIMIT ${KEPT})`,
  );
  return {
    readStateCache: (atOrBefore) => {
      const row = readState.get(atOrBefore);
      return row && toStateCache(row);
    },
    all: () => ({
      stateCaches: database.prepare('SELECT * FROM state_cache').all().map(toStateCache),
      checkpoints: database.prepare('SELECT * FROM checkpoint').all().map(toCheckpoint),
    }),
    writeStateCache: ({ position, hash, state }) =>
      inTransaction(database, () => {
        writeState.run(position, hash, state);
        thinStates.run();
      }),
    readCheckpoint: (atOrBefore) => {
      const row = readCheckpoint.get(atOrBefore);
      return row && toCheckpoint(row);
    },
    writeCheckpoint: ({ sequence, state }) =>
      inTransaction(database, () => {
        writeCheckpoint.run(sequence, state);
        thinCheckpoints.run();
      }),
  };
}

function toStateCache(row: Row): StateCache {
  return {
    position: integer(row, 'position'),
    hash: text(row, 'hash'),
    state: text(row, 'state'),
  };
}

function toCheckpoint(row: Row): Checkpoint {
  return { sequence: integer(row, 'sequence'), state: text(row, 'state') };
}
