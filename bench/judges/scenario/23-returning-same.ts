import { ERRORS } from './parts.ts';
import { returning } from './population.ts';
import type { Scenario } from './types.ts';

export const returningSame: Scenario = {
  key: '23-returning-same',
  title: 'A/A, users return and one in a hundred always fails',
  truth: 'healthy',
  isSame: true,
  isScarce: true,
  outcomes: [ERRORS],
  world: returning,
};
