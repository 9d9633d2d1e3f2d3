import {
  type ControlState,
  deserializeState,
  type EventBody,
  positionAfter,
} from '@downhaul/control';
import { chainHash, textHash } from '../store/chain.ts';
import type { Checkpoint, LogStore, StateCache, StoredEvent } from '../store/contract.ts';
import { readEvents } from './read-events.ts';

/** Told where something that is cached is not what the log says of it: it was not used. */
export type OnSuspect = (problem: string) => void;

interface CachedState {
  readonly state: ControlState;
  readonly hash: string;
}

/**
 * The newest cached state at or before a position that an event behind it names by its hash, on an unbroken chain
 * from there to the head. Whoever edits a cache does not bring a flag up by it, nor a token in. Undefined where there
 * is none: the log is folded instead.
 */
export async function trustedCache(
  store: LogStore,
  atOrBefore: number,
  onSuspect: OnSuspect,
): Promise<CachedState | undefined> {
  for (let from = atOrBefore; ;) {
    const cache = await store.readStateCache(from);
    if (cache === undefined) return undefined;
    const problem = await problemOf(store, cache);
    if (problem === undefined) {
      const state = readState(cache);
      if (state !== undefined) return { state, hash: cache.hash };
    } else if (problem !== 'unnamed') {
      onSuspect(`the cached state of position ${cache.position} is not used: ${problem}`);
    }
    from = cache.position - 1;
  }
}

/**
 * The newest checkpoint of telemetry that the log names, if it is what was written. Before the log names any (a store
 * of an earlier release), the newest there is: its rows may be gone, so nothing else could take its place.
 */
export async function trustedCheckpoint(
  store: LogStore,
  named: ControlState['telemetry'],
  onSuspect: OnSuspect,
): Promise<Checkpoint | undefined> {
  const checkpoint = await store.readCheckpoint(named?.through);
  if (named === undefined) return checkpoint;
  const isNamed =
    checkpoint?.sequence === named.through && textHash(checkpoint.state) === named.stateHash;
  if (isNamed) return checkpoint;
  onSuspect(
    `the checkpoint of telemetry at ${named.through} is not the one that the log names, and is not used: ` +
      'telemetry is folded from the rows that are still there',
  );
  return undefined;
}

/** `unnamed`: the server ended between writing it and naming it, or an earlier release wrote it. */
async function problemOf(
  store: LogStore,
  { position, hash, state }: StateCache,
): Promise<string | undefined> {
  const [own] = await store.readLog({ after: position - 1, limit: 1 });
  if (own?.position !== position || own.hash !== hash) return 'it is of another chain';
  const last = { position, hash };
  let stateHash: string | undefined;
  for await (const event of readEvents(store, position)) {
    // Most events are no such note: parsing them all would take longer than hashing them.
    const body = /"(stateRecorded|lossAccepted)"/.test(event.body)
      ? (JSON.parse(event.body) as EventBody)
      : undefined;
    if (!isNext(event, body, last)) return `the chain behind it is broken at ${event.position}`;
    if (body?.type === 'stateRecorded' && body.of === 'control' && body.through === position) {
      stateHash = body.stateHash;
    }
    last.position = event.position;
    last.hash = event.hash;
  }
  const head = await store.head();
  if (head.position !== last.position || head.hash !== last.hash) {
    return 'the chain behind it does not lead to the head';
  }
  if (stateHash === undefined) return 'unnamed';
  return stateHash === textHash(state) ? undefined : 'it is not the one that the log names';
}

/** Whether an event follows the last one of the chain, by position and by hash. */
function isNext(
  event: StoredEvent,
  body: EventBody | undefined,
  last: { readonly position: number; readonly hash: string },
): boolean {
  return (
    event.position === (body ? positionAfter(last.position, body) : last.position + 1) &&
    event.previousHash === last.hash &&
    event.hash === chainHash(last.hash, event.body)
  );
}

/** Undefined for a cache that another release wrote: the log is folded instead. */
function readState({ position, state: text }: StateCache): ControlState | undefined {
  try {
    const state = deserializeState(text);
    return state.position === position ? state : undefined;
  } catch {
    return undefined;
  }
}
