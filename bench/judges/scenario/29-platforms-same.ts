import { ERRORS } from './parts.ts';
import { platformOf, populated } from './population.ts';
import type { Scenario } from './types.ts';

const RATE = 0.01;

export const platformsSame: Scenario = {
  key: '29-platforms-same',
  title: 'A/A, platforms judged apart',
  truth: 'healthy',
  isSame: true,
  isScarce: true,
  outcomes: [ERRORS],
  slices: ['platform'],
  world: (random) =>
    populated(random, {
      rate: () => RATE,
      meanRate: () => RATE,
      slicesOf: (user) => ({ platform: platformOf(user) }),
    }),
};
