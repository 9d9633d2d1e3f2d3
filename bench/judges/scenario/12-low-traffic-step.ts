import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const lowTrafficStep: Scenario = {
  key: '12-low-traffic-step',
  title: '20 units a minute, errors x2',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, { unitsPerMinute: 20 }, () => 2),
  reasons: ['stage_too_long', 'baseline_missing', 'too_little_traffic', 'harm'],
};
