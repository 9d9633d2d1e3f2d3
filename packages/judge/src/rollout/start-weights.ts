import type { JudgeConfig } from './types.ts';

/**
 * Weight of the n-th of any number of parts, n from 0: 1 / ((n + 1) (n + 2)), that is 1/2, 1/6, 1/12, …
 * Since 1 / ((n + 1) (n + 2)) = 1 / (n + 1) - 1 / (n + 2), the first k of them sum to 1 - 1 / (k + 1): below 1,
 * however many there are.
 */
function endlessWeight(number: number): number {
  return 1 / ((number + 1) * (number + 2));
}

/**
 * Weight of evidence that is counted from the start of a stage. Stages that the configuration names no weight
 * for share without end what the named ones leave, so all stages together never exceed 1.
 */
export function stageWeight(
  { startWeights = [] }: Pick<JudgeConfig, 'startWeights'>,
  stage: number,
): number {
  const named = startWeights[stage];
  if (named !== undefined) return named;
  const left = startWeights.reduce((rest, weight) => rest - weight, 1);
  return Math.max(0, left) * endlessWeight(stage - startWeights.length);
}

/** The part of its stage's weight that the n-th start within a stage has, n from 1: 6 / (pi^2 n^2), sum 1. */
export function laterStartShare(number: number): number {
  return 6 / (Math.PI ** 2 * number ** 2);
}
