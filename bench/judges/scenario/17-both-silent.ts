import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const bothSilent: Scenario = {
  key: '17-both-silent',
  title: 'All telemetry lost for 20 minutes, then back',
  truth: 'healthy',
  isSame: true,
  outcomes: [ERRORS],
  world: (random) => ({
    ...diurnal(random, {}),
    delayAt: (minute) => (minute >= 60 && minute < 80 ? Infinity : 0),
  }),
  reasons: ['blind_both', 'telemetry_late', 'no_data'],
};
