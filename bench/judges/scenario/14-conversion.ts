import type { Guardrail } from '@downhaul/control';
import { diurnal } from './parts.ts';
import type { Scenario } from './types.ts';

const CONVERSION: Guardrail = {
  metric: 'conversion',
  worse: 'lower',
  margin: { relative: 0.01, absolute: 0 },
  weight: 1,
};

/** 5 % order within a minute and nothing changes there; 30 % within six hours, 29.1 % of the treated. */
export const conversion: Scenario = {
  key: '14-conversion',
  title: 'Conversion -3 % that shows after 6 h',
  truth: 'harmful',
  outcomes: [
    { guardrail: CONVERSION, horizonMinutes: 1 },
    { guardrail: CONVERSION, horizonMinutes: 360 },
  ],
  // An owner who knows that orders take six hours bakes for two horizons where the sample is large.
  bakeMinutes: [30, 30, 30, 720, 30],
  objectives: { loose: 0.72, tight: 0.705 },
  world: (random) => ({
    ...diurnal(random, {}),
    rate: ({ stage, outcome }) =>
      outcome === 0 ? 0.95 : 1 - 0.3 * (stage === undefined ? 1 : 0.97),
  }),
};
