import {
  type ControlState,
  createControlState,
  deserializeState,
  type EventBody,
  evolve,
  positionAfter,
  serializeState,
} from '@downhaul/control';
import { subjectOf } from '../log/subject.ts';
import { textHash } from './chain.ts';
import type { Checkpoint, StateCache, StoredEvent } from './contract.ts';

/** What stands beside the log and must follow from it. */
export interface BesideLog {
  readonly stateCaches: readonly StateCache[];
  readonly checkpoints: readonly Checkpoint[];
}

export interface FoldCheck {
  /** Takes the next event; returns what of the things beside the log does not follow from it, if anything. */
  next(event: StoredEvent): string | undefined;
  /** Whether the position of an event is the one that follows another's. */
  follows(position: number, event: Pick<StoredEvent, 'position' | 'body'>): boolean;
}

/**
 * Folds the whole log beside the check of its chain: the index of subjects, the cached states and the checkpoints
 * of telemetry must be what the log says they are. Whoever edits one of them, and even has the log name what they
 * made of it, does not pass. A body that is no event of this release is passed over, and the fold ends there.
 */
export function createFoldCheck({ stateCaches, checkpoints }: BesideLog): FoldCheck {
  const caches = new Map(stateCaches.map((cache) => [cache.position, cache]));
  const texts = new Map(checkpoints.map(({ sequence, state }) => [sequence, state]));
  let state: ControlState | undefined = createControlState();
  return {
    next: (event) => {
      const body = readBody(event.body);
      if (body === undefined) {
        state = undefined;
        return undefined;
      }
      if (subjectOf(body) !== event.subject) {
        return `the index of subjects calls it ${event.subject}, but it is about ${subjectOf(body)}`;
      }
      state = state && folded(state, event, body);
      return cacheProblem(state, caches.get(event.position)) ?? noteProblem(body, caches, texts);
    },
    follows: (position, event) => {
      if (event.position === position + 1) return true;
      const body = event.body.includes('"lossAccepted"') ? readBody(event.body) : undefined;
      return body !== undefined && event.position === positionAfter(position, body);
    },
  };
}

function readBody(text: string): EventBody | undefined {
  try {
    const body = JSON.parse(text) as EventBody | undefined;
    return typeof body?.type === 'string' && typeof body.project === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where the log cannot be folded from here on: no server of this release would start on it either. */
function folded(
  state: ControlState,
  { position, previousHash, hash }: StoredEvent,
  body: EventBody,
): ControlState | undefined {
  try {
    evolve(state, { position, previousHash, hash, body });
    return state;
  } catch {
    return undefined;
  }
}

function cacheProblem(
  state: ControlState | undefined,
  cache: StateCache | undefined,
): string | undefined {
  if (state === undefined || cache === undefined) return undefined;
  let cached: string;
  try {
    // Read and written again: what an earlier release left out is the same state.
    cached = serializeState(deserializeState(cache.state));
  } catch {
    return undefined; // Of another release: it is not used.
  }
  if (cached === serializeState(state)) return undefined;
  return `the cached state of position ${cache.position} is not what the log folds to`;
}

/** What an event says was written must be what is there, where it still is. */
function noteProblem(
  body: EventBody,
  caches: ReadonlyMap<number, StateCache>,
  checkpoints: ReadonlyMap<number, string>,
): string | undefined {
  if (body.type !== 'stateRecorded') return undefined;
  const { of, through, stateHash } = body;
  const text = of === 'control' ? caches.get(through)?.state : checkpoints.get(through);
  if (text === undefined || textHash(text) === stateHash) return undefined;
  const what = of === 'control' ? 'cached state of position' : 'checkpoint of telemetry at';
  return `the ${what} ${through} is not the one that the log names`;
}
