import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const rareCrash: Scenario = {
  key: '11-rare-crash',
  title: 'Rare crash 1e-5 x10, 20,000 units a minute',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => diurnal(random, { unitsPerMinute: 20_000, baseRate: 1e-5 }, () => 10),
};
