import type { JsonValue } from '@downhaul/engine';
import type { StoreLoss } from './witness.ts';

/**
 * What the server asks of a store. Embedded it is SQLite, in a cluster PostgreSQL; the words here are
 * those of both, so no SQL, no file and no connection is named. `test/store/contract.ts` is its suite.
 *
 * Everything a method was told is durable before its promise resolves.
 */
export interface LogStore {
  /** What this store lacks, though it was acknowledged: somebody accepted that, and the log has to say so. */
  readonly loss?: StoreLoss;
  /** Why it could not be told whether something is missing. */
  readonly doubt?: string;
  /** The store's clock: all times of events and intake rows come from it, and it never runs backwards. */
  nowMs(): number;
  /** Room for what is to be written. Urgent appends have a reserve; telemetry is refused first, then changes. */
  space(): StoreSpace;
  head(): Promise<LogHead>;

  /**
   * Runs `decide` on the head of the log in the critical section and appends all of its events or
   * none. The same key with the same command gives the first answer again and changes nothing.
   * Appends asked for at the same time may share a transaction.
   */
  append<Refusal>(request: AppendRequest<Refusal>): Promise<AppendOutcome<Refusal>>;
  readLog(query: LogQuery): Promise<readonly StoredEvent[]>;
  /** Events of a subject up to a position, the newest first. */
  readSubject(query: SubjectQuery): Promise<readonly StoredEvent[]>;
  /** Streams the whole chain, away from the event loop. */
  verify(): Promise<ChainReport>;

  /**
   * One transaction for all drafts, numbered in their order without gaps. A draft whose source and
   * report sequence were stored before is left out.
   */
  appendIntake(
    drafts: readonly IntakeDraft[],
    copiedThrough: number,
    /** `urgent`: few small rows that the proof of the way down needs. */
    options?: { readonly urgent?: boolean },
  ): Promise<IntakeOutcome>;
  readIntake(query: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly StoredIntakeRow[]>;
  intakeHead(): Promise<IntakeHead>;

  readPage(id: string): Promise<Page | undefined>;
  /** Deletes pages with their nonces for ever and remembers it outside of backups. */
  erasePages(ids: readonly string[]): Promise<void>;

  /** The newest state cache at or before a position (default: the head). */
  readStateCache(atOrBefore?: number): Promise<StateCache | undefined>;
  writeStateCache(cache: StateCache): Promise<void>;
  /** The newest checkpoint of telemetry at or before a sequence (default: any). */
  readCheckpoint(atOrBefore?: number): Promise<Checkpoint | undefined>;
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;

  /** Deletes what retention no longer keeps; returns how many rows of each went. */
  prune(limits: RetentionLimits): Promise<Pruned>;
  figures(): Promise<StoreFigures>;
  /** Writes a consistent copy while writing goes on; returns what the copy holds, verified. */
  backup(path: string): Promise<BackupReport>;
  close(): Promise<void>;
}

export interface StoreSpace {
  /** `low`: telemetry is refused; `full`: changes too; `unwritable`: whatever is written fails. */
  readonly level: 'ample' | 'low' | 'full' | 'unwritable';
  readonly freeBytes: number;
  /** Kept back for urgent appends; 0 once they have taken it. */
  readonly reserveBytes: number;
  /** Of `unwritable`. */
  readonly problem?: string;
}

export interface LogHead {
  /** Position of the last event; 0 before the first. */
  readonly position: number;
  readonly hash: string;
  /** Store time of the last event. */
  readonly atMs: number;
}

/** An event to be stored. `subject` is an index over the log and not part of the chain. */
export interface EventDraft {
  readonly body: string;
  readonly subject: string;
}

export interface StoredEvent {
  readonly position: number;
  readonly previousHash: string;
  readonly hash: string;
  /** The event's body exactly as it was hashed. */
  readonly body: string;
  readonly subject: string;
}

export interface LogQuery {
  /** Only events behind this position. */
  readonly after: number;
  readonly limit: number;
  readonly subject?: string;
}

export interface SubjectQuery {
  readonly subject: string;
  readonly upTo: number;
  readonly limit: number;
}

export interface AppendRequest<Refusal> {
  readonly idempotencyKey: string;
  /** Hash of what was asked: tells a retry from another command under the same key. */
  readonly commandHash: string;
  /** How far the caller has folded by then; later events are handed to `decide` as `missed`. */
  readonly foldedThrough: () => number;
  /** Stored with the events, and only if they are. */
  readonly pages: readonly Page[];
  /** True for what must not wait behind other appends: it is decided before those that wait. */
  readonly urgent?: boolean;
  /** Runs inside the critical section: no I/O, no waiting. It may run again after a lost race. */
  decide(head: AppendHead): AppendDecision<Refusal>;
  /** Called with the events when they are durable, in the order of the log, before anything else runs. */
  committed(events: readonly StoredEvent[]): void;
}

export interface AppendHead {
  readonly position: number;
  /** Time that the events will carry. */
  readonly nowMs: number;
  /** Committed events behind `foldedThrough`. */
  readonly missed: readonly StoredEvent[];
  /**
   * Events of other requests that will be committed together with this one, or not at all: to be
   * folded into a copy. The same growing list for all requests of one transaction.
   */
  readonly tentative: readonly StoredEvent[];
}

export type AppendDecision<Refusal> =
  | {
      readonly kind: 'append';
      readonly events: readonly EventDraft[];
      readonly answer: JsonValue;
      /** The events come behind this position, where it is beyond the head: the first one names the gap. */
      readonly behind?: number;
    }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

export type AppendOutcome<Refusal> =
  | {
      readonly kind: 'appended';
      readonly events: readonly StoredEvent[];
      readonly answer: JsonValue;
    }
  | { readonly kind: 'replayed'; readonly answer: JsonValue }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'keyReused' };

/** Text or lists kept outside the chain. An event names it by `id` and `mac` (HMAC under `nonce`). */
export interface Page {
  readonly id: string;
  readonly nonce: string;
  readonly mac: string;
  readonly content: string;
}

export interface IntakeDraft {
  /** With `reportSequence`: who sent it, so that a repeated report is recognised. */
  readonly source?: string;
  readonly reportSequence?: number;
  readonly body: string;
}

export interface StoredIntakeRow {
  readonly sequence: number;
  readonly atMs: number;
  readonly body: string;
}

/** `rows[i]` is the row of `drafts[i]`, or `'duplicate'`. */
export interface IntakeOutcome {
  readonly rows: readonly (StoredIntakeRow | 'duplicate')[];
}

export interface IntakeHead {
  readonly sequence: number;
  readonly atMs: number;
  /** Log position up to which rollout changes have been copied into the intake. */
  readonly copiedThrough: number;
}

export interface StateCache {
  readonly position: number;
  /** Chain hash of that position: a cache of another chain is not used. */
  readonly hash: string;
  readonly state: string;
}

export interface Checkpoint {
  readonly sequence: number;
  readonly state: string;
}

export type ChainReport =
  | { readonly intact: true; readonly position: number; readonly hash: string }
  | { readonly intact: false; readonly position: number; readonly reason: string };

export interface RetentionLimits {
  readonly idempotencyBeforeMs: number;
  readonly intakeBeforeMs: number;
}

export interface Pruned {
  readonly idempotencyKeys: number;
  readonly intakeRows: number;
}

export interface StoreFigures {
  readonly bytes: number;
  readonly idempotencyKeys: number;
  readonly pages: number;
  readonly intakeRows: number;
  readonly oldestIntakeAtMs: number;
  readonly stateCaches: number;
}

export interface BackupReport {
  readonly path: string;
  readonly position: number;
  readonly hash: string;
  readonly bytes: number;
}
