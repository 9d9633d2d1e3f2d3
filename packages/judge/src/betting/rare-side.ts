import type { BatchCounts, Null } from './types.ts';

/** A null told in bad outcomes or in good ones. */
export interface Side {
  readonly null: Null;
  /** Control's predicted rate of the outcomes that are told. */
  readonly controlRate: number;
  /** True when told in good outcomes: more bad ones are then fewer of these. */
  readonly isGood: boolean;
}

/**
 * The bound behind a bet (1 + z <= e^z) costs little only for rare outcomes. Where control is predicted to
 * be bad more often than good, the same claim is told in good outcomes q = 1 - p:
 * p_T <= ratio p_C + excess is q_T >= ratio q_C + (1 - ratio - excess). The choice rests on the past
 * alone, so it may differ from batch to batch. The excess may come out negative: the lemma allows it.
 */
export function rareSide(claim: Null, controlRate: number): Side {
  if (controlRate <= 0.5) return { null: claim, controlRate, isGood: false };
  const excess = withoutRounding(1 - claim.ratio - claim.excess);
  return { null: { ratio: claim.ratio, excess }, controlRate: 1 - controlRate, isGood: true };
}

/** Counts with good outcomes in the place of bad ones. */
export function toldInGood({ treatment, control }: BatchCounts): BatchCounts {
  return {
    treatment: { units: treatment.units, bad: treatment.units - treatment.bad },
    control: { units: control.units, bad: control.units - control.bad },
  };
}

/** 1 - 0.98 - 0.02 is 0, whatever doubles say. */
function withoutRounding(excess: number): number {
  return Math.abs(excess) < 1e-12 ? 0 : excess;
}
