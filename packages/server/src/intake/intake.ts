import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  createTelemetryState,
  deserializeTelemetry,
  foldIntake,
  type IntakeBody,
  type IntakeRow,
  passOver,
  type SerializedTelemetry,
  type StateRecord,
  serializeTelemetry,
  type TelemetryOptions,
  type TelemetryState,
} from '@downhaul/control';
import { createTurns } from '../clock/turns.ts';
import { type Refusal, refusal } from '../error/refusal.ts';
import { textHash } from '../store/chain.ts';
import type { Checkpoint, IntakeDraft, LogStore, StoredIntakeRow } from '../store/contract.ts';
import { Progress } from './progress.ts';
import { timeLimit } from './time-limit.ts';

/** The second durable input: what SDKs tell, and what closes batches, in one order. */
export interface Intake {
  /** The fold of all rows that are durable. Only read it; it moves with each flush. */
  readonly state: TelemetryState;
  /** True while so much waits that nothing from outside should be taken. */
  readonly full: boolean;
  readonly queued: number;
  /**
   * Runs `work` in a moment in which the fold has every change of a rollout that this process has published, and
   * gives back what it returns. Whoever judges input by the fold does it here: streams tell of a version before
   * the fold can know of it. At once where no change is outstanding.
   *
   * @throws Refusal `telemetry_later` where a change cannot be stored or takes too long, and where too many wait.
   */
  judge<Result>(work: () => Result): Promise<Result>;
  /**
   * Resolves when the row is durable and folded in: its place, or `'duplicate'`. Rejects with the refusal
   * `telemetry_later` when it could not be stored, unless the row is kept.
   */
  submit(item: IntakeItem): Promise<StoredIntakeRow | 'duplicate'>;
  /** Submits without waiting. What nobody would tell again is kept. */
  tell(body: IntakeBody, copyOf?: number): void;
  /** Resolves when everything submitted so far is stored and folded. Rejects when the store fails. */
  flush(): Promise<void>;
  /**
   * The log position of now, once everything told before it is stored and folded: what instances told before an event
   * up to there is known. Waited for at most as long as by `judge`; -1 where that was not enough.
   */
  settle(): Promise<number>;
  /** What was written, to be named in the log; undefined where nothing is new. */
  writeCheckpoint(): Promise<StateRecord | undefined>;
  /** Flushes and takes nothing more. Never rejects: what the log has changed is copied at the next start. */
  close(): Promise<void>;
}

export interface IntakeItem {
  readonly body: IntakeBody;
  /** Who sent it and the number it has there, where a repetition has to be recognised. */
  readonly once?: { readonly source: string; readonly sequence: number };
  /** Nobody would send it again: it waits until it is stored, whatever fails. */
  readonly isKept?: boolean;
  /** Position of the event in the log that it is a copy of; a copy is kept, and a rollout's change always one. */
  readonly copyOf?: number;
}

interface IntakeInput {
  readonly store: LogStore;
  readonly options: Partial<TelemetryOptions>;
  /** Log position up to which a copy has been submitted of everything that the fold has to know. */
  readonly copiedThrough: () => number;
  readonly onFlush?: (figures: { readonly rows: number; readonly durationMs: number }) => void;
  readonly onError: (error: unknown) => void;
  /** A row that is stored and could not be folded: a defect, never a reason to stop. */
  readonly onUnfoldable: (error: unknown, sequence: number) => void;
}

/** Rows from several requests are stored together when they come within so many milliseconds. */
const GROUP_MS = 15;
/** After a flush that failed. */
const RETRY_MS = 1_000;
/** Of one transaction: a bound on how long a command waits behind it. */
const MAX_ROWS = 2_000;
const MAX_BYTES = 4 << 20;
/** Of rows that may take the store's reserve. */
const URGENT_BYTES = 256 << 10;
/** Of everything that waits; above it reports are refused with 429. */
const FULL_ROWS = 20_000;
const FULL_BYTES = 32 << 20;
/** Rows that are read in one turn at a start: each may be a whole report. */
const PAGE_SIZE = 100;
/** So long at most somebody who judges waits for the fold. */
const JUDGED_WITHIN_MS = 2_000;
/** Who judges and waits, all together: each holds what it is to judge. */
const MOST_JUDGING = 2_000;
const RETRY_AFTER_SECONDS = 1;

/** Begins with a checkpoint, if there is one that can be trusted, and folds what came after it. */
export async function openIntake(input: IntakeInput, checkpoint?: Checkpoint): Promise<Intake> {
  const state = (checkpoint && readState(checkpoint.state)) ?? createTelemetryState(input.options);
  const turns = createTurns();
  for (;;) {
    const rows = await input.store.readIntake({ after: state.throughSequence, limit: PAGE_SIZE });
    for (const row of rows) {
      fold(input, state, row);
      await turns.take();
    }
    if (rows.length < PAGE_SIZE) break;
  }
  return new BufferedIntake(input, state);
}

function readState(text: string): TelemetryState | undefined {
  return deserializeTelemetry(JSON.parse(text) as SerializedTelemetry);
}

interface Waiting {
  readonly number: number;
  readonly draft: IntakeDraft;
  readonly isKept: boolean;
  readonly copyOf: number | undefined;
  readonly resolve: (row: StoredIntakeRow | 'duplicate') => void;
  readonly reject: (error: unknown) => void;
}

class BufferedIntake implements Intake {
  readonly state: TelemetryState;
  readonly #input: IntakeInput;
  readonly #progress = new Progress();
  #queue: Waiting[] = [];
  #bytes = 0;
  #submitted = 0;
  /** Number of the newest row that changes a rollout. */
  #lastChange = 0;
  #changeKnown: { readonly number: number; readonly folded: Promise<void> } | undefined;
  #judging = 0;
  /** From a flush that failed until one that did not. */
  #isFailing = false;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #checkpointed: number;
  /** As the store has it. */
  #copied = -1;

  constructor(input: IntakeInput, state: TelemetryState) {
    this.#input = input;
    this.state = state;
    this.#checkpointed = state.throughSequence;
  }

  get full(): boolean {
    return this.#queue.length >= FULL_ROWS || this.#bytes >= FULL_BYTES;
  }

  get queued(): number {
    return this.#queue.length;
  }

  async judge<Result>(work: () => Result): Promise<Result> {
    if (this.#isBehind) await this.#caughtUp();
    return work();
  }

  submit({ body, once, ...item }: IntakeItem): Promise<StoredIntakeRow | 'duplicate'> {
    const text = JSON.stringify(body);
    const draft: IntakeDraft = {
      body: text,
      ...(once ? { source: once.source, reportSequence: once.sequence } : {}),
    };
    this.#bytes += text.length;
    const number = (this.#submitted += 1);
    if (body.type === 'rolloutChanged') this.#lastChange = number;
    const copyOf = body.type === 'rolloutChanged' ? body.change.position : item.copyOf;
    const isKept = item.isKept === true || copyOf !== undefined;
    return new Promise((resolve, reject) => {
      this.#queue.push({ number, draft, isKept, copyOf, resolve, reject });
      this.#flushAfter(GROUP_MS);
    });
  }

  tell(body: IntakeBody, copyOf?: number): void {
    // A stream that opened or closed tells of it once; a poll comes again.
    const isKept = body.type === 'contact' && body.contact !== 'polled';
    // `onError` has heard of it.
    this.submit({ body, isKept, ...(copyOf === undefined ? {} : { copyOf }) }).catch(
      () => undefined,
    );
  }

  flush(): Promise<void> {
    if (this.#submitted > this.#progress.settled) return this.#through(this.#submitted);
    return this.#input.copiedThrough() === this.#copied ? Promise.resolve() : this.#run();
  }

  async settle(): Promise<number> {
    const position = this.#input.copiedThrough();
    if (this.#submitted === this.#progress.settled) return position;
    if (this.#isFailing) return -1;
    const limit = timeLimit(JUDGED_WITHIN_MS);
    try {
      await Promise.race([this.flush(), limit.passed]);
      return position;
    } catch {
      return -1;
    } finally {
      limit.clear();
    }
  }

  async writeCheckpoint(): Promise<StateRecord | undefined> {
    const { throughSequence } = this.state;
    if (throughSequence === this.#checkpointed) return undefined;
    const state = JSON.stringify(serializeTelemetry(this.state));
    await this.#input.store.writeCheckpoint({ sequence: throughSequence, state });
    this.#checkpointed = throughSequence;
    return { of: 'telemetry', through: throughSequence, stateHash: textHash(state) };
  }

  async close(): Promise<void> {
    // `onError` has heard of it.
    await this.flush().catch(() => undefined);
    clearTimeout(this.#timer);
  }

  /** The fold does not know yet of a change that may have been published. */
  get #isBehind(): boolean {
    return this.#lastChange > this.#progress.settled;
  }

  async #caughtUp(): Promise<void> {
    if (this.#isFailing || this.#judging >= MOST_JUDGING) throw later();
    this.#judging += 1;
    const limit = timeLimit(JUDGED_WITHIN_MS);
    try {
      // Another change may be published in the moment in which the one before becomes known.
      while (this.#isBehind) await Promise.race([this.#changesFolded(), limit.passed]);
    } catch {
      throw later();
    } finally {
      limit.clear();
      this.#judging -= 1;
    }
  }

  /** Of everything published so far; shared by all who wait for the same. */
  #changesFolded(): Promise<void> {
    const number = this.#lastChange;
    if (this.#changeKnown?.number !== number) {
      this.#changeKnown = { number, folded: this.#through(number) };
    }
    return this.#changeKnown.folded;
  }

  /** Stores and folds without further delay. */
  #through(number: number): Promise<void> {
    const reached = this.#progress.through(number);
    // Who waits for the number hears of the failure.
    this.#run().catch(() => undefined);
    return reached;
  }

  #run(): Promise<void> {
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  #flushAfter(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // `onError` has heard of it.
      this.#run().catch(() => undefined);
    }, delayMs);
  }

  async #flushAll(): Promise<void> {
    do {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      await this.#flushGroup();
      if (this.#queue.length > 0) await nextTurn();
    } while (this.#queue.length > 0);
  }

  async #flushGroup(): Promise<void> {
    const group = this.#takeGroup();
    const copiedThrough = this.#copiedThrough();
    const startedMs = performance.now();
    const drafts = group.map(({ draft }) => draft);
    const { rows } = await this.#input.store
      .appendIntake(drafts, copiedThrough, { urgent: isUrgent(group) })
      .catch((error: unknown) => this.#failed(group, error));
    this.#copied = copiedThrough;
    this.#isFailing = false;
    for (const row of rows) if (row !== 'duplicate') fold(this.#input, this.state, row);
    rows.forEach((row, index) => group[index]?.resolve(row));
    this.#progress.settle(this.#settled());
    this.#input.onFlush?.({ rows: rows.length, durationMs: performance.now() - startedMs });
  }

  #failed(group: readonly Waiting[], error: unknown): never {
    this.#isFailing = true;
    this.#giveBack(group);
    this.#input.onError(error);
    this.#progress.settle(this.#settled());
    this.#changeKnown = undefined;
    this.#progress.fail(error);
    throw error;
  }

  /** Number of the last row that waits no more, nor any before it. */
  #settled(): number {
    return (this.#queue[0]?.number ?? this.#submitted + 1) - 1;
  }

  /** Senders of reports try again by themselves; what nobody would tell again goes on waiting. */
  #giveBack(group: readonly Waiting[]): void {
    const waiting = [...group, ...this.#queue];
    this.#queue = waiting.filter(({ isKept }) => isKept);
    this.#bytes = this.#queue.reduce((sum, { draft }) => sum + draft.body.length, 0);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushAfter(RETRY_MS);
    for (const { isKept, reject } of waiting) if (!isKept) reject(later());
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { draft } of this.#queue) {
      if (count === MAX_ROWS || bytes > MAX_BYTES) break;
      bytes += draft.body.length;
      count += 1;
    }
    this.#bytes -= bytes;
    return this.#queue.splice(0, count);
  }

  /** How far the log is copied once the taken group is stored: up to the first copy still waiting. */
  #copiedThrough(): number {
    const next = this.#queue.find(({ copyOf }) => copyOf !== undefined);
    return next?.copyOf === undefined ? this.#input.copiedThrough() : next.copyOf - 1;
  }
}

/** Copies of the log and word of streams, without which nothing that goes down is proven. */
function isUrgent(group: readonly Waiting[]): boolean {
  const bytes = group.reduce((sum, { draft }) => sum + draft.body.length, 0);
  return bytes <= URGENT_BYTES && group.every(({ isKept }) => isKept);
}

function later(): Refusal {
  return refusal('telemetry_later', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/**
 * A stored row comes again at every start. What cannot be folded of it is passed over, the same each time: else
 * the server would never start again, and nothing could be rolled back (invariant 4). It is kept as a fault of its
 * rollout, which is then rolled back or held (invariant 5).
 */
function fold(
  { onUnfoldable }: Pick<IntakeInput, 'onUnfoldable'>,
  state: TelemetryState,
  stored: StoredIntakeRow,
): void {
  const { sequence, atMs } = stored;
  let row: IntakeRow;
  try {
    row = toIntakeRow(stored);
  } catch (error) {
    passOver(state, { sequence, atMs, error });
    onUnfoldable(error, sequence);
    return;
  }
  foldIntake(state, row, (_fault, error) => onUnfoldable(error, sequence));
}

function toIntakeRow({ sequence, atMs, body }: StoredIntakeRow): IntakeRow {
  return { sequence, atMs, ...(JSON.parse(body) as IntakeBody) };
}
