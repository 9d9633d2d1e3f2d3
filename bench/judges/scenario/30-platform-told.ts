import { ERRORS } from './parts.ts';
import { platformOf, populated } from './population.ts';
import type { Scenario } from './types.ts';

const RATE = 0.005;

/** As 21, at another rate and traffic, and the plan judges platforms apart. */
export const platformTold: Scenario = {
  key: '30-platform-told',
  title: 'One platform only: 5 % of the units x20, platforms judged apart',
  truth: 'harmful',
  outcomes: [ERRORS],
  slices: ['platform'],
  world: (random) =>
    populated(random, {
      rate: ({ user, stage }) =>
        stage !== undefined && platformOf(user) === 'tv' ? 20 * RATE : RATE,
      meanRate: ({ stage }) => RATE * (stage === undefined ? 1 : 0.95 + 0.05 * 20),
      slicesOf: (user) => ({ platform: platformOf(user) }),
    }),
};
