import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const step: Scenario = {
  key: '06-step',
  title: 'Step: errors x2',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, () => 2),
};
