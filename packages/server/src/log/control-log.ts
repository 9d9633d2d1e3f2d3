import {
  type Command,
  type CommandBody,
  type ControlState,
  createControlState,
  decide,
  type DomainError,
  evolve,
  type EventBody,
  hasVersion,
  type LogEvent,
  overlayState,
  type RolloutChange,
  serializeState,
  type StateRecord,
} from '@downhaul/control';
import { randomUUID } from 'node:crypto';
import { textHash } from '../store/chain.ts';
import { createTurns } from '../clock/turns.ts';
import type { AppendHead, LogStore, Page, StoredEvent } from '../store/contract.ts';
import { StoreUnusableError } from '../store/errors.ts';
import type { StoreLoss } from '../store/witness.ts';
import { answerOf, type CommandAnswer } from './answer.ts';
import { readEvents } from './read-events.ts';
import { rolloutChanges, rolloutsTouchedBy } from './rollout-changes.ts';
import { subjectOf } from './subject.ts';
import { type OnSuspect, trustedCache } from './trusted-cache.ts';

/** The control state of this process and the one way to change it. */
export interface ControlLog {
  /** The fold of the log up to `state.position`. Only read it; it moves with each commit. */
  readonly state: ControlState;
  /** Chain hash of `state.position`. */
  readonly hash: string;
  /** Decides on the head of the log and appends what was decided, all of it or nothing. */
  execute(command: Command, options: ExecuteOptions): Promise<ExecuteOutcome>;
  /** The same decision, of which nothing is appended. */
  preview(command: Command, nowMs: number): ExecuteOutcome;
  /** Called for every commit in order, in the turn of the event loop in which it became durable. */
  onCommit(listener: (commit: Commit) => void): void;
  /** Folds the log to an earlier position. Throws a RangeError for one that is not in the log. */
  stateAt(position: number): Promise<ControlState>;
  /** Writes the state down, and then into the log what was written: a cache that no event names is not used. */
  writeCache(): Promise<void>;
  /** Records what the store lacks, behind the last position that was ever given. */
  acceptLoss(loss: StoreLoss): Promise<void>;
  /** Notes in the log what of a state was written down. */
  recordState(record: StateRecord): Promise<void>;
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

/**
 * Folds the log: from the newest cache that the log names and whose rollout changes are all in the
 * intake (`copiedThrough`), then event by event.
 *
 * @throws StoreUnusableError for a log that was cut short: appending to it would leave a hole.
 */
export async function openControlLog(
  store: LogStore,
  copiedThrough: number,
  onSuspect: OnSuspect = () => undefined,
): Promise<OpenedLog> {
  const { state, hash } = await startOfFold(store, copiedThrough, onSuspect);
  const log = new Log(store, state, hash);
  const uncopied: { events: LogEvent[]; changes: RolloutChange[] } = { events: [], changes: [] };
  const turns = createTurns();
  for await (const stored of readEvents(store, state.position)) {
    const event = toLogEvent(stored);
    const changes = log.fold(event);
    await turns.take();
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
  /** Position of the note of the newest cache, where nothing has happened since. */
  #recordedAt = 0;
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
        const { behind = head.position } = decision;
        const answer = answerOf(decision, behind);
        return { kind: 'append', events: decision.events.map(toDraft), answer, behind };
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

  preview(command: Command, nowMs: number): ExecuteOutcome {
    const decision = decide(this.state, command, { nowMs });
    if (!decision.ok) return { kind: 'refused', error: decision.error };
    const answer = answerOf(decision, this.state.position);
    return { kind: 'done', answer, replayed: false };
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
    if (position < 0 || !hasVersion(this.state, position)) {
      throw new RangeError(`the log has no position ${position}`);
    }
    const { state } = await startOfFold(this.#store, position, () => undefined);
    for await (const event of readEvents(this.#store, state.position)) {
      if (event.position > position) break;
      evolve(state, toLogEvent(event));
    }
    return state;
  }

  async writeCache(): Promise<void> {
    const { position } = this.state;
    if (position === 0 || position === this.#recordedAt) return;
    const state = serializeState(this.state);
    await this.#store.writeStateCache({ position, hash: this.hash, state });
    await this.recordState({ of: 'control', through: position, stateHash: textHash(state) });
    // The note itself is nothing new.
    if (this.state.position === position + 1) this.#recordedAt = position + 1;
  }

  async acceptLoss(loss: StoreLoss): Promise<void> {
    const after = this.state.position;
    const command = ownCommand({ type: 'acceptLoss', after, ...loss });
    const outcome = await this.execute(command, { commandHash: command.idempotencyKey });
    if (outcome.kind === 'refused') throw new Error(outcome.error.message);
  }

  async recordState(record: StateRecord): Promise<void> {
    const outcome = await this.execute(ownCommand({ type: 'recordState', ...record }), {
      commandHash: record.stateHash,
    });
    if (outcome.kind === 'refused') throw new Error(outcome.error.message);
  }

  #commit(stored: readonly StoredEvent[], pages: readonly Page[]): void {
    if (stored.length === 0) return;
    const events = stored.map(toLogEvent);
    const changes = events.flatMap((event) => this.fold(event));
    for (const listener of this.#listeners) listener({ events, changes, pages });
  }
}

async function startOfFold(
  store: LogStore,
  atOrBefore: number,
  onSuspect: OnSuspect,
): Promise<{ state: ControlState; hash: string }> {
  const cached = await trustedCache(store, atOrBefore, onSuspect);
  return cached ?? { state: createControlState(), hash: '' };
}

/** A command of the server itself: of no project. */
function ownCommand(body: CommandBody): Command {
  const id = randomUUID();
  const actor = { kind: 'service', id: 'server' } as const;
  return { project: '', actor, correlationId: id, idempotencyKey: id, ...body };
}

function toDraft(body: EventBody): { body: string; subject: string } {
  return { body: JSON.stringify(body), subject: subjectOf(body) };
}

function toLogEvent({ position, previousHash, hash, body }: StoredEvent): LogEvent {
  return { position, previousHash, hash, body: JSON.parse(body) as EventBody };
}
