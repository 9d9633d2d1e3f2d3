import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const treatmentSilent: Scenario = {
  key: '15-treatment-silent',
  title: 'Telemetry of treatment lost from minute 30 on',
  truth: 'untold',
  outcomes: [ERRORS],
  world: (random) => ({
    ...diurnal(random, {}),
    lost: (minute, arm) => (arm === 'treatment' && minute >= 30 ? 1 : 0),
  }),
  reasons: ['blind_treatment', 'treatment_silent', 'treatment_missing', 'sample_ratio', 'no_data'],
};
