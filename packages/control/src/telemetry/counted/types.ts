import type { Arm, ExposureItem, OutcomeItem } from '@downhaul/engine';
import type { SenderClock } from './sender-clock.ts';

/** An arm of a rollout, or the whole service where a source knows no arms. */
export type CountedArm = Arm | 'service';

/** Requests of one arm that a source tells of; the units behind them are not known. */
export interface CountedItem {
  readonly rollout: string;
  readonly metric: string;
  readonly arm: CountedArm;
  /** As telemetry counts: -1 while measuring, -2 after a rollback. */
  readonly stage: number;
  /** What the figures are of, after the first and up to the second moment. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Batch that the figures are for; absent: the one that `toMs` lies in. */
  readonly batch?: number;
  /** Requests, or 1 for a single value. */
  readonly exposure: number;
  /** Bad ones among them, or the value. */
  readonly events: number;
}

/** A reading that gave nothing: the batch stays without figures of the metric. */
export interface SourceFault {
  readonly rollout: string;
  readonly metric: string;
  readonly batch: number;
  readonly server: string;
  readonly code: string;
  /** One sentence without any secret. */
  readonly text: string;
}

/** What a row of counts holds. */
export interface CountedBody {
  readonly source: 'prometheus' | 'otlp';
  readonly items: readonly CountedItem[];
  readonly faults?: readonly SourceFault[];
  /** OTLP: points of instruments as they came; what each adds is found when it is folded. */
  readonly points?: readonly CountedPoint[];
  /** OTLP: the process that told, and up to when. */
  readonly sender?: ToldBy;
  /** OTLP whose evaluations name their unit: as an SDK of ours would report it. */
  readonly exposures?: readonly ExposureItem[];
  readonly outcomes?: readonly OutcomeItem[];
  /** OTLP: the last request in treatment of each rollout, for its rollback proof. */
  readonly uses?: readonly { readonly rollout: string; readonly atMs: number }[];
  /** OTLP: all requests of the service, measured or not. */
  readonly traffic?: { readonly count: number; readonly bad: number };
}

/** The process that told by OTLP. Times are the store's, as far as its clock is known. */
export interface ToldBy {
  readonly instance: string;
  /** End of the newest thing that it told of; everything before has been told. */
  readonly throughMs: number;
  /** When the export was received less the newest time in it; absent where several processes share the name. */
  readonly differenceMs?: number;
  /** What was added to its times; points have those of its own clock still. */
  readonly placeMs?: number;
  /** What was told and has no place in time, where it is more than a little. */
  readonly lost?: number;
}

/** An evaluation of a flag as OTLP tells of it. */
export interface Evaluation {
  /** Hexadecimal; empty where it belongs to no trace. */
  readonly traceId: string;
  readonly flag: string;
  readonly variant: string;
  readonly atMs: number;
  /** The unit itself: it is hashed before it is stored. */
  readonly unit?: string;
  readonly version?: number;
}

/** A request as OTLP tells of it. */
export interface ToldRequest {
  readonly traceId: string;
  readonly spanId: string;
  readonly endMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** An evaluation, and a request in which it was made. */
export interface Joined {
  readonly evaluation: Evaluation;
  readonly request?: ToldRequest;
}

/** A point of a series for one metric: requests and bad ones among them, as it came. */
export interface CountedPoint {
  readonly rollout: string;
  readonly metric: string;
  readonly arm: Arm;
  /** Tells the series from all others, of other processes too. */
  readonly series: string;
  /** A running total since `startMs`, else what came since then. */
  readonly cumulative: boolean;
  /** By the clock of the process. */
  readonly startMs: number;
  readonly timeMs: number;
  readonly exposure: number;
  readonly events: number;
}

/** Requests of one series of an instrument, as it came. Times are of the process's clock. */
export interface ToldPoint {
  readonly instrument: string;
  readonly flag: string;
  readonly variant: string;
  readonly failed: boolean;
  /** Tells the series from others of the process. */
  readonly series: string;
  readonly cumulative: boolean;
  readonly startMs: number;
  readonly timeMs: number;
  readonly count: number;
  /** Of an ordinary histogram. */
  readonly buckets: readonly number[];
  /** Upper edges of all buckets but the last. */
  readonly boundsMs: readonly number[];
  readonly exponential?: ExponentialBuckets;
  /** Why its durations cannot be read, where they cannot. */
  readonly unitProblem?: string;
}

/** Buckets of an exponential histogram: that of index i holds what is above 2^(i / 2^scale) units. */
export interface ExponentialBuckets {
  readonly scale: number;
  /** Index of the first bucket. */
  readonly offset: number;
  readonly counts: readonly number[];
  readonly unitMs: number;
  /** What is not above it is in no bucket. */
  readonly zeroMs: number;
}

/** What named a flag and cannot be counted, whatever it is held against. */
export interface RefusedShape {
  readonly flag: string;
  /** Absent where it is no point of an instrument. */
  readonly instrument?: string;
  readonly text: string;
  readonly items: number;
}

/** Why something that was told counts nowhere. */
export type OtlpDrop =
  | 'future'
  | 'other_variant'
  | 'arm_impossible'
  | 'buckets_unusable'
  | 'unit_unusable'
  | 'unsettled';

/**
 * A process that tells by OTLP of evaluations in rollout. It names no version and acknowledges none: how
 * it got its flags is not known, so a rollback proof knows it by what it tells of treatment alone.
 */
export interface Sender {
  readonly service: string;
  readonly instance: string;
  readonly firstAtMs: number;
  lastAtMs: number;
  /** End of the newest request it told of. */
  throughMs: number;
  /** Id of the token that it last told with; absent: it has not told since tokens are noted. */
  token?: string;
  /** When an operator said that it is gone; it is back when it tells again. */
  retiredAtMs?: number;
  clock?: SenderClock;
  /** When it last told of times that cannot be: what it saw is not known then. */
  lostAtMs?: number;
}
