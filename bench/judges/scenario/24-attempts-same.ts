import { ERRORS } from './parts.ts';
import { returning } from './population.ts';
import type { Scenario } from './types.ts';

/** The same users sit in the same arms again; what chance did to the arms, it did for all attempts. */
export const attemptsSame: Scenario = {
  key: '24-attempts-same',
  title: 'A/A, the same returning users in three attempts of 16 h',
  truth: 'healthy',
  isSame: true,
  isScarce: true,
  outcomes: [ERRORS],
  attemptsAtMinutes: [960, 1_920],
  world: returning,
};
