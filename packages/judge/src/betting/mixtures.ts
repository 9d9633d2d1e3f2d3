import type { Mixture } from './types.ts';

/** Alternatives of harm: from 3 % worse to ten times as bad. */
export const HARM_MIXTURE: Mixture = {
  multipliers: [1.03, 1.07, 1.15, 1.3, 1.6, 2, 3, 5, 10],
  weights: [0.06, 0.08, 0.12, 0.15, 0.15, 0.15, 0.12, 0.1, 0.07],
};

/** Alternatives of non-inferiority: treatment's rate as a share of what the margin allows. */
export const NON_INFERIORITY_MIXTURE: Mixture = {
  multipliers: [0.9, 0.8, 0.65, 0.5, 0.3],
  weights: [0.2, 0.2, 0.2, 0.2, 0.2],
};

/**
 * What a step up is judged by: most features change nothing, and where the margin is narrow that is nearer
 * to the null than any of the alternatives above.
 */
export const STEP_UP_MIXTURE: Mixture = {
  multipliers: NON_INFERIORITY_MIXTURE.multipliers,
  weights: [0.125, 0.125, 0.125, 0.125, 0.125],
  noEffect: 0.375,
};

const LOG_WEIGHTS = new WeakMap<Mixture, readonly number[]>();

/** The logarithms of a mixture's weights, computed once per mixture. */
export function logWeightsOf(mixture: Mixture): readonly number[] {
  let logWeights = LOG_WEIGHTS.get(mixture);
  if (logWeights === undefined) {
    const { weights, noEffect } = mixture;
    const all = noEffect === undefined ? weights : [...weights, noEffect];
    logWeights = all.map((weight) => Math.log(weight));
    LOG_WEIGHTS.set(mixture, logWeights);
  }
  return logWeights;
}
