import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const smallStep: Scenario = {
  key: '07-small-step',
  title: 'Small: errors +20 %',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, () => 1.2),
};
