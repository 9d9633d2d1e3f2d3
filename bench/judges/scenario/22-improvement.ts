import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const improvement: Scenario = {
  key: '22-improvement',
  title: 'Improvement: errors -30 %',
  truth: 'healthy',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, {}, () => 0.7),
};
