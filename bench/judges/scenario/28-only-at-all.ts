import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const onlyAtAll: Scenario = {
  key: '28-only-at-all',
  title: 'Errors x3 in the last stage only',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, (_, stage) => (stage >= 4 ? 3 : 1)),
};
