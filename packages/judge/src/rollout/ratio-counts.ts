import type { BatchCounts } from '../betting/types.ts';

/**
 * All that evidence about the ratio of the arms' rates depends on, as long as no excess is involved:
 * how many bad outcomes there were, by arm and by the exposure ratio n_T / n_C of their batch.
 */
export interface RatioCounts {
  treatmentBad: number;
  /** Pairs of [bin of the exposure ratio, bad outcomes of both arms in it]. */
  readonly bins: number[];
}

/** The key of all stages together, without units that an earlier stage counted in treatment. */
export const ALL_STAGES = '-1';

/** Bins per factor e of the exposure ratio: one is 6 % wide. */
const BINS_PER_E = 16;

export function emptyRatioCounts(): RatioCounts {
  return { treatmentBad: 0, bins: [] };
}

/** Adds a batch; one with an empty arm compares nothing and adds nothing. */
export function addToRatio(counts: RatioCounts, { treatment, control }: BatchCounts): void {
  const events = treatment.bad + control.bad;
  if (treatment.units === 0 || control.units === 0 || events === 0) return;
  counts.treatmentBad += treatment.bad;
  // `+ 0` turns the -0 of a ceiling into 0, whose sign JSON would lose.
  const bin = Math.ceil(BINS_PER_E * Math.log(treatment.units / control.units)) + 0;
  for (let at = 0; at < counts.bins.length; at += 2) {
    if (counts.bins[at] === bin) {
      counts.bins[at + 1] = (counts.bins[at + 1] ?? 0) + events;
      return;
    }
  }
  counts.bins.push(bin, events);
}

/** The largest exposure ratio in a bin. */
export function upperEdge(bin: number): number {
  return Math.exp(bin / BINS_PER_E);
}

/** The exposure ratio that all in a bin exceed. */
export function lowerEdge(bin: number): number {
  return Math.exp((bin - 1) / BINS_PER_E);
}
