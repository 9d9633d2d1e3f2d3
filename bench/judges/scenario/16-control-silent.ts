import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const controlSilent: Scenario = {
  key: '16-control-silent',
  title: 'Telemetry of control lost from minute 30 on',
  truth: 'untold',
  outcomes: [ERRORS],
  world: (random) => ({
    ...diurnal(random, {}),
    lost: (minute, arm) => (arm === 'control' && minute >= 30 ? 1 : 0),
  }),
  reasons: ['blind_control', 'sample_ratio', 'no_data'],
};
