import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

export const clustered: Scenario = {
  key: '03-clustered',
  title: 'A/A, a failing unit sends 10 errors on average',
  truth: 'healthy',
  isSame: true,
  outcomes: [ERRORS],
  // Ten requests for each unit: the rate by request is then that by unit.
  world: (random) => ({ ...diurnal(random, {}), errorsPerBad: 10, requestsPerUnit: 10 }),
};
