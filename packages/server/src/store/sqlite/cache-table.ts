import type { DatabaseSync } from 'node:sqlite';
import type { Checkpoint, StateCache } from '../contract.ts';
import { integer, text } from './rows.ts';
import { inTransaction } from './transaction.ts';

/** So many of each are kept: the newest, and some to fall back to. */
const KEPT = 3;

interface CacheTable {
  readStateCache(atOrBefore: number): StateCache | undefined;
  writeStateCache(cache: StateCache): void;
  readCheckpoint(): Checkpoint | undefined;
  writeCheckpoint(checkpoint: Checkpoint): void;
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
    `SELECT * FROM checkpoint ORDER BY sequence DESC LIMIT 1`,
  );
  const writeCheckpoint = database.prepare(`INSERT OR REPLACE INTO checkpoint VALUES (?, ?)`);
  const thinCheckpoints = database.prepare(
    `DELETE FROM checkpoint WHERE sequence NOT IN
       (SELECT sequence FROM checkpoint ORDER BY sequence DESC LIMIT ${KEPT})`,
  );
  return {
    readStateCache: (atOrBefore) => {
      const row = readState.get(atOrBefore);
      return (
        row && {
          position: integer(row, 'position'),
          hash: text(row, 'hash'),
          state: text(row, 'state'),
        }
      );
    },
    writeStateCache: ({ position, hash, state }) =>
      inTransaction(database, () => {
        writeState.run(position, hash, state);
        thinStates.run();
      }),
    readCheckpoint: () => {
      const row = readCheckpoint.get();
      return row && { sequence: integer(row, 'sequence'), state: text(row, 'state') };
    },
    writeCheckpoint: ({ sequence, state }) =>
      inTransaction(database, () => {
        writeCheckpoint.run(sequence, state);
        thinCheckpoints.run();
      }),
  };
}
