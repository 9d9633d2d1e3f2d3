import { RATES, THREE } from './25-three-same.ts';
import { populated } from './population.ts';
import type { Moment, Scenario } from './types.ts';

const ABORTS = 1;

export const oneOfThree: Scenario = {
  key: '26-one-of-three',
  title: 'Three guardrails, one of them x2',
  truth: 'harmful',
  outcomes: THREE,
  harmOutcome: ABORTS,
  world: (random) => {
    const rate = ({ outcome, stage }: Moment) =>
      (RATES[outcome] ?? 0) * (outcome === ABORTS && stage !== undefined ? 2 : 1);
    return populated(random, { rate, meanRate: rate });
  },
};
