import { type Plan, PLAN_DEFAULTS } from '@downhaul/control';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const stage = (share: number, bakeMs: number) => ({
  allocations: [{ sharePerMillion: share * 10_000 }],
  bakeMs,
  minimumSample: 0,
});

/** The plan of the README, and one as a service with millions of users has it: stages of hours, two days. */
export const PLANS: Readonly<Record<string, Plan>> = {
  quick: {
    ...PLAN_DEFAULTS,
    key: 'quick',
    baselineMs: 25 * SECOND_MS,
    stages: [stage(20, MINUTE_MS), stage(50, MINUTE_MS), stage(100, 2 * MINUTE_MS)],
    guardrails: [
      {
        metric: 'http.error_rate',
        worse: 'higher',
        margin: { relative: 0.05, absolute: 0.02 },
        weight: 1,
      },
    ],
    signals: [],
    success: [],
    batchMs: 5 * SECOND_MS,
    horizonsMs: [10 * SECOND_MS],
  },
  days: {
    ...PLAN_DEFAULTS,
    key: 'days',
    baselineMs: 2 * HOUR_MS,
    stages: [
      stage(1, 4 * HOUR_MS),
      stage(5, 8 * HOUR_MS),
      stage(25, 12 * HOUR_MS),
      stage(50, 12 * HOUR_MS),
      stage(100, 12 * HOUR_MS),
    ],
    guardrails: [
      {
        metric: 'http.error_rate',
        worse: 'higher',
        margin: { relative: 0.5, absolute: 0.001 },
        weight: 0.5,
      },
      {
        metric: 'http.latency',
        quantile: 0.99,
        worse: 'higher',
        margin: { relative: 0.5, absolute: 0.001 },
        weight: 0.5,
      },
    ],
    signals: [],
    success: [],
    batchMs: MINUTE_MS,
    horizonsMs: [MINUTE_MS, HOUR_MS],
  },
};
