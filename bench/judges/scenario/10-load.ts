import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const load: Scenario = {
  key: '10-load',
  title: 'Load: x3 from 25 % on',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, (_, stage) => (stage >= 2 ? 3 : 1)),
};
