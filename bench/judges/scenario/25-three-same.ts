import { guardrailOf } from './parts.ts';
import { populated } from './population.ts';
import type { Outcome, Scenario } from './types.ts';

/** Rates of 1, 2 and 4 %, each with its own guardrail. */
export const THREE: readonly Outcome[] = [
  { guardrail: guardrailOf('http.error_rate'), horizonMinutes: 1 },
  { guardrail: guardrailOf('http.client_abort'), horizonMinutes: 1 },
  { guardrail: guardrailOf('auth.failed'), horizonMinutes: 1 },
];
export const RATES: readonly number[] = [0.01, 0.02, 0.04];

export const threeSame: Scenario = {
  key: '25-three-same',
  title: 'A/A, three guardrails',
  truth: 'healthy',
  isSame: true,
  isScarce: true,
  outcomes: THREE,
  world: (random) => {
    const rate = ({ outcome }: { readonly outcome: number }) => RATES[outcome] ?? 0;
    return populated(random, { rate, meanRate: rate });
  },
};
