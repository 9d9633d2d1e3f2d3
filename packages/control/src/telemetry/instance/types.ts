/**
 * How an instance can prove what it serves. `acking`: our SDK, says which version is in use. `sent`:
 * a stream that is only known to have been sent a version. `polling`: fetches, known by the last
 * version fetched. `ephemeral`: browsers and serverless; proven by silence and cache lifetime.
 */
export type InstanceClass = 'acking' | 'sent' | 'polling' | 'ephemeral';

/** Prefix of the ids that the server gives to instances too short-lived to be waited for. */
export const EPHEMERAL_PREFIX = 'ephemeral:';

/** One process, as the intake knows it. Times are the store's. */
export interface InstanceState {
  /** As it calls itself: unique within its service. */
  readonly id: string;
  /** What its tokens are bound to. */
  readonly service: string;
  /** Id of the token that it last spoke with; absent: it has not spoken since tokens are noted. */
  token?: string;
  class: InstanceClass;
  readonly firstContactAtMs: number;
  lastContactAtMs: number;
  /** Rising versions with the moment each was first known to be in use; the newest 64. */
  readonly acknowledged: AcknowledgedVersion[];
  reportsExposures: boolean;
  /** True where its last report could say which flags it evaluates. */
  tellsEvaluations?: boolean;
  sdk?: { readonly name: string; readonly version: string; readonly formatVersion: number };
  capabilities: readonly string[];
  /** How often it began to count its reports anew under this name; absent: never. */
  run?: number;
  /** What the newest report before this run covered. */
  runSinceMs?: number;
  /** The number before the first that was received of this run. */
  runBase?: number;
  /** Highest report sequence received. */
  lastSequence: number;
  reportsReceived: number;
  lastReportAtMs?: number;
  /** Sequences below `lastSequence` that were not received: lost, or still under way. */
  readonly gaps: SequenceRange[];
  /** What the newest report covers: all that ended by then is in it or in one with a lower number. */
  throughMs: number;
  /** The gaps again, as far as they tell until when everything is known; the newest 64. */
  readonly awaited: AwaitedReports[];
  clock?: InstanceClock;
  /** Items the instance itself left out because a bound was reached. */
  dropped: number;
  /** The newest stream. */
  stream?: InstanceStream;
  polled?: { readonly version: number; readonly atMs: number };
  /** Flags of the version in use that it cannot read, as it said; absent: none. */
  unreadable?: { readonly flags: readonly string[]; readonly more: number };
  /** A version that it could not use, as it said; absent: none. */
  refused?: { readonly version?: number; readonly why: string; readonly atMs: number };
  left?: { readonly why: 'goodbye' | 'operator' | 'presumed'; readonly atMs: number };
}

export interface InstanceStream {
  readonly open: boolean;
  /** Newest version when it was opened or closed. */
  readonly version: number;
  readonly atMs: number;
  /** Absent of streams that an earlier release knew. */
  readonly connection?: string;
  /** As in `StreamStanding`; absent while nothing was told of it. */
  readonly written?: number;
  readonly stalledSinceMs?: number;
}

export interface AcknowledgedVersion {
  readonly version: number;
  readonly atMs: number;
  /** Reports received that were made under this version, the next one not yet in use. */
  reports: number;
  /** Highest report sequence received by then. */
  readonly lastSequence: number;
}

/** Reports that were overtaken by a later one. */
export interface AwaitedReports {
  readonly range: SequenceRange;
  readonly noticedAtMs: number;
  /** What the newest report before them covered. */
  readonly throughMs: number;
}

/** By how much the store's clock is ahead of the instance's, transit included; the least of late. */
export interface InstanceClock {
  aheadMs: number;
  /** The least of the window before this one. */
  earlierAheadMs?: number;
  turnedAtMs: number;
}

/** Both ends included. */
export type SequenceRange = readonly [from: number, to: number];
