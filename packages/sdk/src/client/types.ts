import type { EvaluationContext, JsonValue } from '@openfeature/server-sdk';

export interface DownhaulLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/**
 * `stale`: cut off, serving the last known good. `error`: no data at all, or the token was refused. `closing`:
 * what is under way still ends as it began. `closed`: every flag is its code default.
 */
export type DownhaulState = 'starting' | 'ready' | 'stale' | 'error' | 'closing' | 'closed';

/** Where the snapshot in use came from. */
export type SnapshotSource = 'stream' | 'poll' | 'disk' | 'bootstrap' | 'none';

/** What `onEvent` is told. */
export type DownhaulEvent =
  | { readonly type: 'state'; readonly state: DownhaulState; readonly message?: string }
  | {
      readonly type: 'configuration';
      readonly version: number;
      readonly source: SnapshotSource;
      readonly flagsChanged: readonly string[];
    }
  | { readonly type: 'snapshotRefused'; readonly message: string }
  | { readonly type: 'regression'; readonly from: number; readonly to: number }
  | { readonly type: 'reportDiscarded'; readonly sequence: number; readonly code: string }
  | {
      readonly type: 'itemsDropped';
      readonly sequence: number;
      /** By the server's cause. */
      readonly items: Readonly<Record<string, number>>;
    }
  | { readonly type: 'breakerOpened'; readonly flag: string };

export interface DownhaulOptions {
  /** Base URL of the server; also `DOWNHAUL_URL`. */
  readonly url?: string;
  /** The service's token; also `DOWNHAUL_TOKEN`. */
  readonly token?: string;
  /** Sent with each request; the server refuses a token of another project or environment. */
  readonly project?: string;
  readonly environment?: string;
  /** Shown to operators. A random part is added: an instance id is unique per process start. */
  readonly instance?: string;
  /** How long `ready()` waits at most; default 5,000. */
  readonly startTimeoutMs?: number;
  /** Where the last known good is kept across restarts; also `DOWNHAUL_CACHE_DIR`. */
  readonly cacheDirectory?: string;
  /** A snapshot as the server gives it, used while there is nothing better; also `DOWNHAUL_BOOTSTRAP_FILE`. */
  readonly bootstrapFile?: string;
  /** Time between two polls while streaming fails; default 10,000. */
  readonly pollIntervalMs?: number;
  /** Whether unit hashes in the baggage of incoming requests are believed; default false. */
  readonly trustIncomingBaggage?: boolean;
  /**
   * To which targets the scope's unit hashes travel by themselves: a predicate, or a list of hosts
   * (`pricing`, `pricing:8080`, `*.internal`) or origins (`https://pricing.internal`). Default: none.
   */
  readonly propagateTo?: ((url: URL) => boolean) | readonly string[];
  /** Cut off for longer than this, flags in rollout serve control. Default: off. */
  readonly leashMs?: number;
  /** How long `close()` takes at most; default 2,000. */
  readonly closeTimeoutMs?: number;
  readonly logger?: DownhaulLogger;
  readonly onEvent?: (event: DownhaulEvent) => void;
  /** Wall clock in milliseconds since 1970. */
  readonly now?: () => number;
  /** Evenly distributed in [0, 1). */
  readonly random?: () => number;
}

/** What could not be kept or delivered since the start. */
export interface DroppedCounters {
  readonly exposures: number;
  readonly outcomes: number;
  /** Reports that the server refused. */
  readonly reports: number;
}

export interface DownhaulStatus {
  readonly state: DownhaulState;
  /** Version of the snapshot in use; undefined before the first. */
  readonly version: number | undefined;
  /** Since the server last confirmed the snapshot; for a disk copy, since it was written. */
  readonly ageMs: number | undefined;
  readonly source: SnapshotSource;
  readonly instance: string;
  /** Flags that this SDK cannot read, and why: each is its code default, and all others are as ever. */
  readonly unreadable: Readonly<Record<string, string>>;
  /** A snapshot of the server that could not be used at all; what was held before stays in use. */
  readonly refused?: { readonly version?: number; readonly why: string };
  readonly dropped: DroppedCounters;
  /** Items that reached the server since the start and that it counts nowhere, by its cause. */
  readonly droppedItems: Readonly<Record<string, number>>;
}

export interface TrackOptions {
  /** What happened in figures, for metrics that are means or quantiles; absent: 1. */
  readonly value?: number;
  readonly context?: EvaluationContext;
}

/** `ErrorCode` of OpenFeature, as plain text. */
export type FlagErrorCode =
  | 'PROVIDER_NOT_READY'
  | 'FLAG_NOT_FOUND'
  | 'TYPE_MISMATCH'
  | 'PARSE_ERROR'
  | 'INVALID_CONTEXT'
  | 'TARGETING_KEY_MISSING'
  | 'GENERAL';

export type FlagMetadata = Readonly<Record<string, string | number | boolean>>;

/** A value and why. */
export interface FlagDetails<T extends JsonValue> {
  readonly flagKey: string;
  readonly value: T;
  readonly variant?: string;
  readonly reason: string;
  readonly errorCode?: FlagErrorCode;
  readonly errorMessage?: string;
  readonly flagMetadata: FlagMetadata;
}
