import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  createTelemetryState,
  deserializeTelemetry,
  foldIntake,
  type IntakeBody,
  type IntakeRow,
  type SerializedTelemetry,
  serializeTelemetry,
  type TelemetryOptions,
  type TelemetryState,
} from '@downhaul/control';
import type { IntakeDraft, LogStore, StoredIntakeRow } from '../store/contract.ts';

/** The second durable input: what SDKs tell, and what closes batches, in one order. */
export interface Intake {
  /** The fold of all rows that are durable. Only read it; it moves with each flush. */
  readonly state: TelemetryState;
  /** True while so much waits that nothing from outside should be taken. */
  readonly full: boolean;
  readonly queued: number;
  /** Resolves when the row is durable and folded in: its place, or `'duplicate'`. */
  submit(item: IntakeItem): Promise<StoredIntakeRow | 'duplicate'>;
  /** Submits without waiting. A rollout's change is kept until it is stored, whatever fails. */
  tell(body: IntakeBody): void;
  /** Stores and folds everything that waits. */
  flush(): Promise<void>;
  writeCheckpoint(): Promise<void>;
  /** Flushes and takes nothing more. */
  close(): Promise<void>;
}

export interface IntakeItem {
  readonly body: IntakeBody;
  /** Who sent it and the number it has there, where a repetition has to be recognised. */
  readonly once?: { readonly source: string; readonly sequence: number };
}

interface IntakeInput {
  readonly store: LogStore;
  readonly options: Partial<TelemetryOptions>;
  /** Log position up to which every rollout change has been submitted. */
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
/** Of everything that waits; above it reports are refused with 429. */
const FULL_ROWS = 20_000;
const FULL_BYTES = 32 << 20;
const PAGE_SIZE = 2_000;

/** Reads the newest checkpoint and folds what came after it. */
export async function openIntake(input: IntakeInput): Promise<Intake> {
  const checkpoint = await input.store.readCheckpoint();
  const state = (checkpoint && readState(checkpoint.state)) ?? createTelemetryState(input.options);
  for (;;) {
    const rows = await input.store.readIntake({ after: state.throughSequence, limit: PAGE_SIZE });
    for (const row of rows) fold(input, state, row);
    if (rows.length < PAGE_SIZE) break;
    await nextTurn();
  }
  return new BufferedIntake(input, state);
}

function readState(text: string): TelemetryState | undefined {
  return deserializeTelemetry(JSON.parse(text) as SerializedTelemetry);
}

interface Waiting {
  readonly draft: IntakeDraft;
  readonly changePosition: number | undefined;
  resolve(row: StoredIntakeRow | 'duplicate'): void;
  reject(error: unknown): void;
}

class BufferedIntake implements Intake {
  readonly state: TelemetryState;
  readonly #input: IntakeInput;
  #queue: Waiting[] = [];
  #bytes = 0;
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

  submit({ body, once }: IntakeItem): Promise<StoredIntakeRow | 'duplicate'> {
    const text = JSON.stringify(body);
    const draft: IntakeDraft = {
      body: text,
      ...(once ? { source: once.source, reportSequence: once.sequence } : {}),
    };
    const changePosition = body.type === 'rolloutChanged' ? body.change.position : undefined;
    this.#bytes += text.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ draft, changePosition, resolve, reject });
      this.#timer ??= setTimeout(() => void this.flush(), GROUP_MS);
    });
  }

  tell(body: IntakeBody): void {
    // `onError` has heard of it.
    this.submit({ body }).catch(() => undefined);
  }

  flush(): Promise<void> {
    if (this.#queue.length === 0 && this.#input.copiedThrough() === this.#copied) {
      return Promise.resolve();
    }
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async writeCheckpoint(): Promise<void> {
    const { throughSequence } = this.state;
    if (throughSequence === this.#checkpointed) return;
    const state = JSON.stringify(serializeTelemetry(this.state));
    await this.#input.store.writeCheckpoint({ sequence: throughSequence, state });
    this.#checkpointed = throughSequence;
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
  }

  async #flushAll(): Promise<void> {
    do {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const stored = await this.#flushGroup();
      if (!stored) return;
      if (this.#queue.length > 0) await nextTurn();
    } while (this.#queue.length > 0);
  }

  async #flushGroup(): Promise<boolean> {
    const group = this.#takeGroup();
    const copiedThrough = this.#copiedThrough();
    const startedMs = performance.now();
    try {
      const drafts = group.map(({ draft }) => draft);
      const { rows } = await this.#input.store.appendIntake(drafts, copiedThrough);
      this.#copied = copiedThrough;
      for (const row of rows) if (row !== 'duplicate') fold(this.#input, this.state, row);
      rows.forEach((row, index) => group[index]?.resolve(row));
      this.#input.onFlush?.({ rows: rows.length, durationMs: performance.now() - startedMs });
      return true;
    } catch (error) {
      this.#giveBack(group, error);
      this.#input.onError(error);
      return false;
    }
  }

  /** Senders of reports try again by themselves; nobody else would copy the log's changes. */
  #giveBack(group: readonly Waiting[], error: unknown): void {
    const kept = group.filter(({ changePosition }) => changePosition !== undefined);
    for (const waiting of group) if (!kept.includes(waiting)) waiting.reject(error);
    this.#queue.unshift(...kept);
    this.#bytes += kept.reduce((sum, { draft }) => sum + draft.body.length, 0);
    this.#timer ??= setTimeout(() => void this.flush(), RETRY_MS);
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

  /** How far the log is copied once the taken group is stored: up to the first change still waiting. */
  #copiedThrough(): number {
    const next = this.#queue.find(({ changePosition }) => changePosition !== undefined);
    return next?.changePosition === undefined
      ? this.#input.copiedThrough()
      : next.changePosition - 1;
  }
}

/**
 * A stored row comes again at every start. One that the fold cannot take is passed over, the same each time: else
 * the server would never start again, and nothing could be rolled back (invariant 4). Its rollout stands still
 * then, and is held for that (invariant 5).
 */
function fold(
  { onUnfoldable }: Pick<IntakeInput, 'onUnfoldable'>,
  state: TelemetryState,
  row: StoredIntakeRow,
): void {
  try {
    foldIntake(state, toIntakeRow(row));
  } catch (error) {
    onUnfoldable(error, row.sequence);
  }
}

function toIntakeRow({ sequence, atMs, body }: StoredIntakeRow): IntakeRow {
  return { sequence, atMs, ...(JSON.parse(body) as IntakeBody) };
}
