import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock/clock.ts';
import type { LogStore } from '../contract.ts';
import { openCacheTable } from './cache-table.ts';
import { rememberErasures } from './erasures.ts';
import { holdLock } from './hold-lock.ts';
import type { StoreHolder } from '../errors.ts';
import type { OpenStoreOptions } from '../witness.ts';
import { openIntakeTable } from './intake-table.ts';
import { openLogTable } from './log-table.ts';
import { openDatabase } from './open-database.ts';
import { openPageTable } from './page-table.ts';
import { openRetention } from './retention.ts';
import { findLoss, isEmpty, refuseEmpty, witnessReader } from './find-loss.ts';
import { createWitnessWriter } from './witness-file.ts';
import { createSpaceKeeper, type SpaceKeeper } from './space.ts';
import { createGroupCommit } from './group-commit.ts';
import { type HeavyReads, heavyReads } from './heavy-reads.ts';

export interface SqliteStore extends LogStore {
  /** Writes the note that tells a second server who holds this store. */
  announce(holder: StoreHolder): void;
}

/**
 * Opens the embedded store and holds it for this process.
 *
 * @throws StoreHeldError when another server holds it, StoreUnusableError when the file is no store, StoreBehindError
 * when it lacks what was acknowledged and that is not accepted.
 */
export function openSqliteStore(
  file: string,
  clock: Clock,
  options: OpenStoreOptions = {},
): SqliteStore {
  const lock = holdLock(file);
  try {
    // Before anything is made in its place.
    if (isEmpty(file)) refuseEmpty(file, options);
    const database = openDatabase(file);
    const witness = createWitnessWriter(file, witnessReader(database));
    try {
      const found = findLoss(file, database, options);
      const heavy = heavyReads(file);
      const space = createSpaceKeeper(file);
      space.look();
      const store = assemble({ database, heavy, clock, space, noteDurable: witness.note });
      return { ...store, ...found, announce: lock.announce, close };

      async function close(): Promise<void> {
        await heavy.stop();
        await witness.close();
        database.close();
        lock.release();
      }
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Assembly {
  readonly database: DatabaseSync;
  readonly heavy: HeavyReads;
  readonly clock: Clock;
  readonly space: SpaceKeeper;
  /** Called after every commit of events or telemetry. */
  readonly noteDurable: () => void;
}

function assemble({
  database,
  heavy,
  clock,
  space,
  noteDurable,
}: Assembly): Omit<LogStore, 'close'> {
  const log = openLogTable(database);
  const intake = openIntakeTable(database);
  const caches = openCacheTable(database);
  const pages = openPageTable(database);
  const retention = openRetention(database);
  const nowMs = storeClock(clock, Math.max(log.head().atMs, intake.head().atMs));
  const groups = createGroupCommit(log, { nowMs, noteDurable, space });
  return {
    nowMs,
    head: async () => log.head(),
    append: (request) => groups.append(request),
    readLog: async (query) => log.read(query),
    readSubject: async (query) => log.readSubject(query),
    verify: heavy.verify,
    space: () => space.look(),
    appendIntake: async (drafts, copiedThrough, { urgent = false } = {}) => {
      const outcome = space.write(urgent ? 'down' : 'telemetry', () =>
        intake.append(drafts, copiedThrough, nowMs()),
      );
      noteDurable();
      return outcome;
    },
    readIntake: async (query) => intake.read(query),
    intakeHead: async () => intake.head(),
    readPage: async (id) => pages.read(id),
    erasePages: async (ids) => {
      rememberErasures(heavy.file, ids);
      pages.erase(ids);
    },
    readStateCache: async (atOrBefore = Number.MAX_SAFE_INTEGER) =>
      caches.readStateCache(atOrBefore),
    writeStateCache: async (cache) => space.write('telemetry', () => caches.writeStateCache(cache)),
    readCheckpoint: async (atOrBefore = Number.MAX_SAFE_INTEGER) =>
      caches.readCheckpoint(atOrBefore),
    writeCheckpoint: async (checkpoint) =>
      space.write('telemetry', () => caches.writeCheckpoint(checkpoint)),
    prune: async (limits) => space.write('change', () => retention.prune(limits)),
    figures: async () => retention.figures(),
    backup: heavy.backup,
  };
}

/** The pace of the store's clock while the given one is behind it: slow enough to be caught up with. */
const CATCH_UP_PACE = 0.9;
/** Asked at least every tick, a clock that moved on by more between two questions was set. */
const LONGEST_PASSED_MS = 10_000;

/**
 * The given clock, never behind what it or the store's last row said: times of one store only rise. A
 * clock that was set back is waited for without standing still: batches must close meanwhile, or
 * nothing would be judged until then.
 */
function storeClock(clock: Clock, startMs: number): () => number {
  let latestMs = startMs;
  let givenMs = clock.nowMs();
  return () => {
    const nowMs = clock.nowMs();
    const passedMs = Math.min(Math.max(0, nowMs - givenMs), LONGEST_PASSED_MS);
    givenMs = nowMs;
    latestMs = Math.max(nowMs, latestMs + CATCH_UP_PACE * passedMs);
    return Math.floor(latestMs);
  };
}
