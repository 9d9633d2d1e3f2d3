import type { Null } from '../betting/bet.ts';
import type { MeanFigures } from './types.ts';

export interface StageEntry {
  /** Index of the stage, above every one entered before. */
  readonly stage: number;
  /** By id of a share or of requests: the null of non-inferiority, at the margin of the NEXT stage. */
  readonly nonInferiority: Readonly<Record<string, Null>>;
  /** By id of the same: a harm null that holds from this stage on (a latency threshold frozen anew). */
  readonly harmNull?: Readonly<Record<string, Null>>;
  /** By id of the same: a better founded historical rate, known before the stage. */
  readonly baselineRates?: Readonly<Record<string, number>>;
  /** By id of a mean: what holds for harm from this stage on, and the margin of the NEXT stage. */
  readonly means?: Readonly<Record<string, MeanEntry>>;
}

export interface MeanEntry {
  readonly harm?: MeanFigures;
  readonly nonInferiority?: MeanFigures;
}
