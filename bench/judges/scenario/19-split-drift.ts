import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

const CONFIGURED = [0.01, 0.04, 0.2, 0.25, 0.45, 0.05];
const DRIFTED = [0.013, 0.04, 0.2, 0.25, 0.447, 0.05];

export const splitDrift: Scenario = {
  key: '19-split-drift',
  title: 'Configured 1 %, really 1.3 %, from minute 30 on',
  truth: 'untold',
  outcomes: [ERRORS],
  world: (random) => ({
    ...diurnal(random, {}),
    slicesAt: (minute) => (minute < 30 ? CONFIGURED : DRIFTED),
  }),
  reasons: ['sample_ratio'],
};
