import type { Cohort } from './cohort.ts';

/**
 * Units beyond the measured slice whose value of the plan's first attribute is rare enough to be kept all
 * the same. They are judged with their value and nowhere else: all units are the slice alone, which takes
 * every value alike.
 *
 * Whether a unit is kept hangs on its hash and its value, neither of which knows its arm. One whose past
 * was not measured has added nothing to what was judged, so it is as new as one never seen.
 */
export interface Surplus {
  /** By the value's place: its units are kept when the first 32 bits of their hash are below 2^(32 - level). */
  readonly levels: number[];
  /** By stage, for stages that have any. */
  readonly cohorts: Map<number, Cohort>;
}

export function noSurplus(): Surplus {
  return { levels: [], cohorts: new Map() };
}
