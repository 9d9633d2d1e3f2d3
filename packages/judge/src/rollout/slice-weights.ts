import type { Hypothesis, JudgeConfig } from './types.ts';

/** What stays with the whole where slices are judged too. */
const WHOLE_SHARE = 0.5;

/** The weight of a hypothesis over all units. */
export function wholeWeight(config: JudgeConfig, { weight }: Pick<Hypothesis, 'weight'>): number {
  return dimensionCount(config) === 0 ? weight : weight * WHOLE_SHARE;
}

/**
 * The share of its hypothesis' weight that the j-th value of a dimension has, from 1: 1 / (j (j + 1)) of
 * what the dimension has. They sum to at most that, however many values come.
 */
export function sliceShare(config: JudgeConfig, number: number): number {
  return (1 - WHOLE_SHARE) / dimensionCount(config) / (number * (number + 1));
}

function dimensionCount({ slices }: JudgeConfig): number {
  return slices?.dimensions.length ?? 0;
}
