import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const novelty: Scenario = {
  key: '13-novelty',
  title: 'Novelty: x1.5 for 2 h, then nothing',
  truth: 'healthy',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, (minute) => (minute < 120 ? 1.5 : 1)),
};
