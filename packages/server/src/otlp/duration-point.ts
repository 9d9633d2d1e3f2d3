import type { ToldPoint } from '@downhaul/control';

/** A point of a histogram of durations as it came, before what it counted earlier is taken off. */
export interface DurationPoint extends ToldPoint {
  /** Tells the series from others of the process. */
  readonly series: string;
  readonly cumulative: boolean;
}
