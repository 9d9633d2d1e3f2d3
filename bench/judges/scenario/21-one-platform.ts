import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const onePlatform: Scenario = {
  key: '21-one-platform',
  title: 'One platform only: 5 % of the units x20',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, () => 0.95 + 0.05 * 20),
};
