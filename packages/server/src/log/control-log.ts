import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Command,
  type ControlState,
  createControlState,
  decide,
  deserializeState,
  type DomainError,
  evolve,
  type EventBody,
  type LogEvent,
  overlayState,
  type RolloutChange,
  serializeState,
} from '@downhaul/control';
import type { AppendHead, LogStore, Page, StoredEvent } from '../store/contract.ts';
import { StoreUnusableError } from '../store/errors.ts';
import { answerOf, type CommandAnswer } from './answer.ts';
import { rolloutChanges, rolloutsTouchedBy } from './rollout-changes.ts';
import { subjectOf } from './subject.ts';

/** The control state of this process and the one way to change it. */
export interface ControlLog {
  /** The fold of the log up to `state.position`. Only read it; it moves with each commit. */
  readonly state: ControlState;
  /** Chain hash of `state.position`. */
  readonly hash: string;
  /** Decides on the head of the log and appends what was decided, all of it or nothing. */
  execute(command: Command, options: ExecuteOptions): Promise<ExecuteOutcome>;
  /** Called for every commit in order, in the turn of the event loop in which it became durable. */
  onCommit(listener: (commit: Commit) => void): void;
  /** Folds the log to an earlier position. Throws a RangeError for one that is not in the log. */
  stateAt(position: number): Promise<ControlState>;
  writeCache(): Promise<void>;
}

export interface ExecuteOptions {
  /** Hash of what was asked, without ids made for it. */
  readonly commandHash: string;
  readonly pages?: readonly Page[];
  /** True for the way down: it waits behind nothing else. */
  readonly urgent?: boolean;
}

export type ExecuteOutcome =
  | { readonly kind: 'done'; readonly answer: CommandAnswer; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly error: DomainError }
  | { readonly kind: 'keyReused' };

export interface Commit {
  readonly events: readonly LogEvent[];
  readonly changes: readonly RolloutChange[];
  /** Pages that were stored with the events. */
  readonly pages: readonly Page[];
}

interface OpenedLog {
  readonly log: ControlLog;
  /** What happened behind `copiedThrough`: the intake has not heard of it yet. */
  readonly uncopied: Pick<Commit, 'events' | 'changes'>;
}

const PAGE_SIZE = 2_000;

/**
 * Folds the log: from the newest cache whose rollout changes are all in the intake
 * (`copiedThrough`), then event by event.
 *
 * @throws StoreUnusableError for a log that was cut short: appending to it would leave a hole.
 */
export async function openControlLog(store: LogStore, copiedThrough: number): Promise<OpenedLog> {
  const { state, hash } = await readCache(store, copiedThrough);
  const log = new Log(store, state, hash);
  const uncopied: { events: LogEvent[]; changes: RolloutChange[] } = { events: [], changes: [] };
  for await (const stored of readEvents(store, state.position)) {
    const event = toLogEvent(stored);
    const changes = log.fold(event);
    if (event.position <= copiedThrough) continue;
    uncopied.events.push(event);
    uncopied.changes.push(...changes);
  }
  const head = await store.head();
  if (head.position === log.state.position) return { log, uncopied };
  throw new StoreUnusableError(
    `the log ends at position ${log.state.position}, but its head is at ${head.position}`,
  );
}

class Log implements ControlLog {
  readonly state: ControlState;
  hash: string;
  readonly #store: LogStore;
  readonly #listeners: ((commit: Commit) => void)[] = [];
  /** Of the transaction under way, by its list of tentative events. */
  #overlay: { readonly events: readonly StoredEvent[]; readonly state: ControlState } | undefined;

  constructor(store: LogStore, state: ControlState, hash: string) {
    this.#store = store;
    this.state = state;
    this.hash = hash;
  }

  onCommit(listener: (commit: Commit) => void): void {
    this.#listeners.push(listener);
  }

  async execute(command: Command, options: ExecuteOptions): Promise<ExecuteOutcome> {
    const { commandHash, pages = [], urgent = false } = options;
    const outcome = await this.#store.append<DomainError>({
      idempotencyKey: `${command.actor.kind}:${command.actor.id}:${command.idempotencyKey}`,
      commandHash,
      foldedThrough: () => this.state.position,
      pages,
      urgent,
      decide: (head) => {
        const decision = decide(this.#stateAt(head), command, { nowMs: head.nowMs });
        if (!decision.ok) return { kind: 'refuse', refusal: decision.error };
        const answer = answerOf(decision, head.position);
        return { kind: 'append', events: decision.events.map(toDraft), answer };
      },
      committed: (events) => this.#commit(events, pages),
    });
    switch (outcome.kind) {
      case 'appended':
        return { kind: 'done', answer: outcome.answer as CommandAnswer, replayed: false };
      case 'replayed':
        return { kind: 'done', answer: outcome.answer as CommandAnswer, replayed: true };
      case 'refused':
        return { kind: 'refused', error: outcome.refusal };
      case 'keyReused':
        return { kind: 'keyReused' };
    }
  }

  /** The state to decide on: memory itself moves with what is committed, never with what is not yet. */
  #stateAt({ missed, tentative }: AppendHead): ControlState {
    this.#commit(
      missed.filter(({ position }) => position > this.state.position),
      [],
    );
    if (tentative.length === 0) return this.state;
    if (this.#overlay?.events !== tentative) {
      this.#overlay = { events: tentative, state: overlayState(this.state) };
    }
    const { state } = this.#overlay;
    for (const event of tentative) {
      if (event.position > state.position) evolve(state, toLogEvent(event));
    }
    return state;
  }

  /** Folds one event; returns the rollouts that it changed. */
  fold(event: LogEvent): readonly RolloutChange[] {
    const before = rolloutsTouchedBy(this.state, event);
    evolve(this.state, event);
    this.hash = event.hash;
    return rolloutChanges(this.state, event, before);
  }

  async stateAt(position: number): Promise<ControlState> {
    if (position < 0 || position > this.state.position) {
      throw new RangeError(`the log has no position ${position}`);
    }
    const { state } = await readCache(this.#store, position);
    for await (const event of readEvents(this.#store, state.position)) {
      if (event.position > position) break;
      evolve(state, toLogEvent(event));
    }
    return state;
  }

  async writeCache(): Promise<void> {
    const { position } = this.state;
    await this.#store.writeStateCache({
      position,
      hash: this.hash,
      state: serializeState(this.state),
    });
  }

  #commit(stored: readonly StoredEvent[], pages: readonly Page[]): void {
    if (stored.length === 0) return;
    const events = stored.map(toLogEvent);
    const changes = events.flatMap((event) => this.fold(event));
    for (const listener of this.#listeners) listener({ events, changes, pages });
  }
}

async function readCache(
  store: LogStore,
  atOrBefore: number,
): Promise<{ state: ControlState; hash: string }> {
  const cache = await store.readStateCache(atOrBefore);
  if (cache) {
    const [event] = await store.readLog({ after: cache.position - 1, limit: 1 });
    const state = event?.hash === cache.hash ? readState(cache.state) : undefined;
    if (state?.position === cache.position) return { state, hash: cache.hash };
  }
  return { state: createControlState(), hash: '' };
}

/** Undefined for a cache that another release wrote: the log is folded instead. */
function readState(text: string): ControlState | undefined {
  try {
    return deserializeState(text);
  } catch {
    return undefined;
  }
}

async function* readEvents(store: LogStore, after: number): AsyncGenerator<StoredEvent> {
  for (let from = after; ;) {
    const events = await store.readLog({ after: from, limit: PAGE_SIZE });
    yield* events;
    const last = events.at(-1);
    if (!last || events.length < PAGE_SIZE) return;
    from = last.position;
    await nextTurn();
  }
}

function toDraft(body: EventBody): { body: string; subject: string } {
  return { body: JSON.stringify(body), subject: subjectOf(body) };
}

function toLogEvent({ position, previousHash, hash, body }: StoredEvent): LogEvent {
  return { position, previousHash, hash, body: JSON.parse(body) as EventBody };
}
