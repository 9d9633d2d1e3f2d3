import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const slowLeak: Scenario = {
  key: '09-slow-leak',
  title: 'Slow leak: x1 to x3 over 12 h',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, (minute) => 1 + 2 * Math.min(1, minute / 720)),
};
