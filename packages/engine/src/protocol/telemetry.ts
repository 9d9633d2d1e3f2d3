import type { Arm } from '../snapshot/types.ts';

/**
 * Body of `POST …/telemetry/reports`: one instance's report. Sequence numbers of an instance rise by
 * one from 1; a report is retried with the same number and the same items until it is answered, so a
 * gap in them states what was lost. All `atMs` are of the instance's clock; the server corrects them
 * by `sentAtMs` against its own when they are apart by more than a second.
 */
export interface TelemetryReport {
  /** Unique per process start. */
  readonly instance: string;
  readonly sequence: number;
  readonly sentAtMs: number;
  /**
   * What ended by then is in this report or in one with a lower number: when it was made, which is
   * before `sentAtMs` for one that had to wait. Absent: as `sentAtMs`.
   */
  readonly throughMs?: number;
  /** Snapshot version in use when the report was made, and since when. */
  readonly version: number;
  /** First use of each (rollout, stage, unit) by this instance since it last changed stage. */
  readonly exposures: readonly ExposureItem[];
  /** Outcomes of units in requests or scopes, at most one item per unit and metric in a report. */
  readonly outcomes: readonly OutcomeItem[];
  /** Evaluations counted per flag in rollout, also repeated ones. */
  readonly activity: readonly ActivityItem[];
  /** Items left out because a bound was reached. */
  readonly dropped: { readonly exposures: number; readonly outcomes: number };
  /** Everything since the last report, whether or not anything is measured. */
  readonly traffic?: Traffic;
  /**
   * Flags that the instance evaluated and has not told of yet, measured or not; repeated from time to time.
   * Empty: none. Absent: it cannot say, and may evaluate any.
   */
  readonly evaluates?: readonly string[];
}

/** How busy an instance was, so that a rollout can be checked before any has run. */
export interface Traffic {
  /** Beginning of what is counted: when the report before was made, or the instance started. */
  readonly sinceMs: number;
  /** Distinct units of the requests that ended; beyond a bound of the sender's every request counts as one. */
  readonly units: number;
  /**
   * `http.error_rate`: requests that ended, and how many badly. `http.denied`: the same, and how many
   * were refused. `http.latency`: requests that were timed. Tracked metrics: the number of times.
   */
  readonly metrics: Readonly<Record<string, { readonly count: number; readonly bad: number }>>;
}

export interface ExposureItem {
  readonly flag: string;
  /** `SnapshotRollout.id`. */
  readonly rollout: string;
  readonly stage: number;
  /** Index in `SnapshotRollout.allocations`. */
  readonly allocation: number;
  readonly arm: Arm;
  /** True where the arm's variant was really served (false under a local breaker). */
  readonly served: boolean;
  /** Snapshot version that decided it. */
  readonly version: number;
  /** `unitHash` of the unit. */
  readonly unit: string;
  readonly atMs: number;
  /** What the context said of `SnapshotRollout.slices`, as `sliceValue` writes it; nothing else of it is sent. */
  readonly slices?: Readonly<Record<string, string>>;
  /** Traffic that no person made: measured apart, in no arm. */
  readonly synthetic?: true;
}

export interface OutcomeItem {
  /** `unitHash` of the request's unit. */
  readonly unit: string;
  /** `http.error_rate`, `http.latency`, `http.denied`, or the name given to `track`. */
  readonly metric: string;
  /** Of several the first; of `http.latency` the slowest. */
  readonly atMs: number;
  /**
   * `http.error_rate`: 1 for a bad outcome. `http.latency`: the latency bucket of the slowest request.
   * Tracked metrics: the number of times.
   */
  readonly value: number;
  /** Tracked metrics: when the last of several happened; absent: as `atMs`. */
  readonly lastAtMs?: number;
  /** Tracked metrics with values; absent: each time counts as 1. */
  readonly values?: TrackedValues;
  /** Restricts a bad outcome of `guarded` to its flag; absent: it counts for every rollout of the unit. */
  readonly flag?: string;
  /** Of synthetic traffic, as in `ExposureItem`. */
  readonly synthetic?: true;
}

/** What the values of a tracked metric come to, over all its times in a report. */
export interface TrackedValues {
  readonly sum: number;
  readonly largest: number;
  /** Of the last time; of two at once the larger. */
  readonly last: number;
}

export interface ActivityItem {
  readonly flag: string;
  readonly rollout: string;
  readonly stage: number;
  readonly arm: Arm;
  readonly version: number;
  readonly count: number;
  readonly lastAtMs: number;
  /** Of synthetic traffic: no sign of life of the arm, but a use of it. */
  readonly synthetic?: true;
}

/** Body of `POST …/telemetry/acknowledgements`, sent at once when a version is in use. */
export interface Acknowledgement {
  readonly instance: string;
  readonly version: number;
  readonly sdk: { readonly name: string; readonly version: string; readonly formatVersion: number };
  readonly capabilities: readonly string[];
  /** True where the instance reports exposures, so that silence can be proven. */
  readonly reportsExposures: boolean;
  readonly sentAtMs: number;
  /** Flags of the version that this instance cannot read: it serves its code defaults for them. */
  readonly unreadable?: readonly string[];
  /** How many more there are than `MAX_UNREADABLE`. */
  readonly unreadableMore?: number;
  /**
   * A version that could not be used at all, and why. `version` above is what is used instead; 0: nothing.
   * Absent once a later version is used.
   */
  readonly refused?: Refusal;
}

/** A snapshot that an instance could not use. */
export interface Refusal {
  /** Absent where not even that could be read. */
  readonly version?: number;
  /** At most `MAX_REFUSAL` characters. */
  readonly why: string;
}

/** Flags that an acknowledgement names at most. */
export const MAX_UNREADABLE = 100;
/** Characters of a refusal's cause. */
export const MAX_REFUSAL = 500;

/** Body of `POST …/telemetry/goodbyes`. */
export interface Goodbye {
  readonly instance: string;
  readonly lastSequence: number;
}
