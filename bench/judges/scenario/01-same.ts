import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const sameRates: Scenario = {
  key: '01-same',
  title: 'A/A, traffic and base rate of a day',
  truth: 'healthy',
  isSame: true,
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}),
};
