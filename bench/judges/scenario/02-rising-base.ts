import { diurnal, ERRORS, withEffect } from './parts.ts';
import type { Scenario } from './types.ts';

/** Whoever pools stages sees treatment, which has more of the late units, fail more often. */
export const risingBase: Scenario = {
  key: '02-rising-base',
  title: 'A/A, base rate x4 while the ramp goes on',
  truth: 'healthy',
  isSame: true,
  outcomes: [ERRORS],
  world: (random) => ({
    ...diurnal(random, {}),
    rate: withEffect(
      (minute) => 0.001 * (1 + 3 * Math.min(1, minute / 360)),
      () => 1,
    ),
  }),
};
