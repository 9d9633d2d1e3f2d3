import { diurnal } from './parts.ts';
import type { Scenario } from './types.ts';

const MEDIAN_MS = 100;
const SIGMA = 0.8;
/** p99 of the lognormal above. */
export const P99_MS = MEDIAN_MS * Math.exp(SIGMA * 2.3263478740408408);

/** The upper tail is stretched by a fifth; what lies below 300 ms is faster, so that the mean stays. */
export const latency: Scenario = {
  key: '08-latency',
  title: 'Latency: p99 +20 %, mean unchanged',
  truth: 'harmful',
  outcomes: [
    {
      guardrail: {
        metric: 'http.latency',
        quantile: 0.99,
        worse: 'higher',
        margin: { relative: 0.05, absolute: 0 },
        weight: 1,
      },
      horizonMinutes: 1,
    },
  ],
  // The share of units slower than the usual p99: 1 % as ever, 1.8 % with the change.
  objectives: { loose: 0.05, tight: 0.015 },
  world: (random) => ({
    ...diurnal(random, {}),
    rate: ({ stage }) => slowerThan(P99_MS / (stage === undefined ? 1 : 1.2)),
    slower: (ms, arm) => slowerThan(arm === 'control' ? ms : ms / 1.2),
  }),
};

/** P(latency > ms). The error of this series for the normal tail is below 1e-7 (Abramowitz and Stegun 26.2.17). */
function slowerThan(latencyMs: number): number {
  const z = Math.log(latencyMs / MEDIAN_MS) / SIGMA;
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? tail : 1 - tail;
}
