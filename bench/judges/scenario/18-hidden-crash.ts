import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const hiddenCrash: Scenario = {
  key: '18-hidden-crash',
  title: 'Crash that hides 8 % of the treated',
  truth: 'harmful',
  outcomes: [ERRORS],
  world: (random) => ({
    ...diurnal(random, {}),
    lost: (_, arm) => (arm === 'treatment' ? 0.08 : 0),
    lostAreCrashed: true,
  }),
  reasons: ['sample_ratio', 'treatment_missing'],
};
