import { DatabaseSync } from 'node:sqlite';
import {
  createControlState,
  EVENT_SCHEMA_VERSION,
  type EventBody,
  type EventPayload,
  evolve,
  type FlagDefinition,
  readFlagDocument,
  serializeState,
} from '@downhaul/control';
import { chainHash, GENESIS_HASH, textHash } from '../../packages/server/src/store/chain.ts';
import { subjectOf } from '../../packages/server/src/log/subject.ts';
import { openSqliteStore } from '../../packages/server/src/store/sqlite/open-store.ts';

const FLAGS = 1_000;

/**
 * Writes a log of so many events as a server would have left it after a crash, with the newest state
 * cache so many events behind its end.
 */
export async function writeLongLog(
  file: string,
  { events, cachedBehind }: { readonly events: number; readonly cachedBehind: number },
): Promise<void> {
  await openSqliteStore(file, { nowMs: () => 0 }).close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const insert = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?)');
  const state = createControlState();
  let hash = GENESIS_HASH;
  let cached: { readonly position: number; readonly text: string } | undefined;
  for (let position = 1; position <= events; position++) {
    const body = bodyAt(position, cached);
    const text = JSON.stringify(body);
    const previousHash = hash;
    hash = chainHash(previousHash, text);
    insert.run(position, previousHash, hash, text, subjectOf(body));
    evolve(state, { position, previousHash, hash, body });
    if (position !== events - cachedBehind) continue;
    cached = { position, text: serializeState(state) };
    database.prepare('INSERT INTO state_cache VALUES (?, ?, ?)').run(position, hash, cached.text);
  }
  database
    .prepare(`UPDATE head SET position = ?, hash = ?, at_ms = ? WHERE log = 'control'`)
    .run(events, hash, events);
  database
    .prepare(`UPDATE head SET copied_through = ? WHERE log = 'intake'`)
    .run(events - cachedBehind);
  database.exec('COMMIT');
  database.close();
}

/** Behind a cache comes the note that names it. */
function bodyAt(
  position: number,
  cached: { readonly position: number; readonly text: string } | undefined,
): EventBody {
  const payload: EventPayload =
    cached?.position === position - 1
      ? {
          type: 'stateRecorded',
          of: 'control',
          through: cached.position,
          stateHash: textHash(cached.text),
        }
      : payloadAt(position);
  return {
    schemaVersion: EVENT_SCHEMA_VERSION,
    project: 'default',
    environments: payload.type === 'flagPut' ? ['production'] : [],
    atMs: position,
    actor: { kind: 'service', id: 'bench' },
    correlationId: `c${position}`,
    idempotencyKey: `k${position}`,
    ...payload,
  };
}

function payloadAt(position: number): EventPayload {
  if (position === 1) return { type: 'projectCreated', key: 'default' };
  if (position === 2) {
    return {
      type: 'environmentCreated',
      key: 'production',
      owner: 'bench',
      order: 1,
      unitSalt: 'salt',
    };
  }
  const flag = position % FLAGS;
  return {
    type: 'flagPut',
    definition: { ...template, key: `flag-${flag}`, purpose: `purpose ${position}` },
  };
}

const template: FlagDefinition = readTemplate();

function readTemplate(): FlagDefinition {
  const read = readFlagDocument({
    flag: 'template',
    kind: 'operational',
    type: 'boolean',
    owner: 'bench',
    purpose: 'a template',
    variants: { on: true, off: false },
    safe: 'off',
    environments: { production: { serve: 'off' } },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}
