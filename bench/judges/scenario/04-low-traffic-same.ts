import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const lowTrafficSame: Scenario = {
  key: '04-low-traffic-same',
  title: 'A/A, 20 units a minute',
  truth: 'untold',
  isSame: true,
  outcomes: [ERRORS],
  world: (random) => diurnal(random, { unitsPerMinute: 20 }),
  reasons: ['stage_too_long', 'baseline_missing', 'too_little_traffic'],
};
