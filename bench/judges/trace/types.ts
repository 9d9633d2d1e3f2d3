/**
 * Slices of buckets, in percent: [0, 1), [1, 5), [5, 25), [25, 50), [50, 95), [95, 100). Stage s treats the
 * first s + 1 and the last stage all, or all but the last slice where a plan keeps a holdback.
 */
export const SLICE_SHARES: readonly number[] = [0.01, 0.04, 0.2, 0.25, 0.45, 0.05];
export const STAGE_SHARES: readonly number[] = [0.01, 0.05, 0.25, 0.5, 1];
export const HOLDBACK = 0.05;
export const SLICES = 6;
export const MINUTES = 48 * 60;

/**
 * What would happen under every decision: a judge changes the split, so each cell (minute x slice) holds
 * both potential outcomes. Cell of minute m and slice k: `m * SLICES + k`. Every unit comes once.
 */
export interface Trace {
  readonly scenario: string;
  readonly seed: number;
  readonly units: Int32Array;
  /** One per outcome of the scenario. */
  readonly outcomes: readonly OutcomeCells[];
  /** Requests and failed ones, where a unit has several; the same in both arms, nothing of them is lost. */
  readonly several?: { readonly requests: Int32Array; readonly errors: Int32Array };
  /** Units whose telemetry is lost if they are in that arm, and the bad ones of the first outcome among them. */
  readonly lost: { readonly control: LostCells; readonly treatment: LostCells };
  /** Where latency is judged: units by bucket of their slowest request, `BUCKETS` numbers per cell. */
  readonly latency?: LatencyCells;
  /** Where users are told apart: every visit of every minute. */
  readonly visits?: Visits;
  /** Minute in which the telemetry of a minute is delivered, -1 for never; and minutes delivered twice. */
  readonly deliveredAt: Int32Array;
  readonly twice: ReadonlySet<number>;
}

export interface OutcomeCells {
  /** Bad units if control. */
  readonly bad0: Int32Array;
  /** Bad units if treated at that stage. */
  readonly bad1: readonly Int32Array[];
}

export interface LostCells {
  readonly units: Int32Array;
  readonly bad: Int32Array;
}

export interface LatencyCells {
  /** Number of the bucket as the product numbers it, by position. */
  readonly buckets: readonly number[];
  readonly slowest0: Int32Array;
  readonly slowest1: Int32Array;
}

/** Visits in the order of time. */
export interface Visits {
  /** The first visit of each minute; one more entry than there are minutes. */
  readonly firstOf: Int32Array;
  readonly users: Int32Array;
  /** Slice of buckets that the user is in. */
  readonly slices: Uint8Array;
  /** Bit o is set where outcome o is bad if control. */
  readonly bad0: Uint8Array;
  /** The same if treated, by stage. */
  readonly bad1: readonly Uint8Array[];
}
