import {
  type FrozenFigures,
  type Guardrail,
  type Metric,
  type Plan,
  PLAN_DEFAULTS,
} from '@downhaul/control';

export const BATCH_MS = 60_000;
export const SHARES: readonly number[] = [10_000, 50_000, 250_000, 500_000];
export const STAGE = SHARES.length;

const HOUR_MS = 3_600_000;
const HORIZONS_MS: readonly number[] = [BATCH_MS, HOUR_MS, 24 * HOUR_MS];

/** Five guardrails of all kinds; every third rollout has one horizon, every third two, every third three. */
export function planFor(number: number): Plan {
  return {
    ...PLAN_DEFAULTS,
    metrics: METRICS,
    key: 'judged',
    baselineMs: 15 * BATCH_MS,
    stages: SHARES.map((sharePerMillion) => ({
      allocations: [{ sharePerMillion }],
      bakeMs: BATCH_MS,
      minimumSample: 0,
    })),
    guardrails: GUARDRAILS,
    signals: [],
    success: [],
    horizonsMs: HORIZONS_MS.slice(0, 1 + (number % HORIZONS_MS.length)),
  };
}

const known = { owner: 'team', description: '', version: 1 };
const tracked = (key: string) => ({ ...known, key, source: { type: 'sdk', event: key } as const });
const METRICS: readonly Metric[] = [
  { ...tracked('http.error_rate'), kind: 'share', worse: 'higher' },
  { ...tracked('http.latency'), kind: 'quantile', worse: 'higher', unit: 'ms' },
  { ...tracked('checkout.completed'), kind: 'conversion', worse: 'lower' },
  { ...tracked('basket'), kind: 'mean', worse: 'lower', unit: 'EUR', cap: 500 },
  {
    ...known,
    key: 'denied',
    kind: 'share',
    worse: 'higher',
    source: { type: 'otlp', of: 'errors' },
  },
];

const margin = { relative: 0.05, absolute: 0.002 };
const GUARDRAILS: readonly Guardrail[] = [
  { metric: 'http.error_rate', worse: 'higher', margin, weight: 0.2 },
  { metric: 'http.latency', quantile: 0.99, worse: 'higher', margin, weight: 0.2 },
  { metric: 'checkout.completed', worse: 'lower', margin, weight: 0.2 },
  { metric: 'basket', worse: 'lower', margin, weight: 0.2 },
  { metric: 'denied', worse: 'higher', margin, weight: 0.2 },
];

/** Seven in ten do not buy. */
const NOT_DONE = { baselineRate: 0.7, baselineUpper: 0.72 };

/** What the baseline would have frozen. */
export function figuresOf(plan: Plan): FrozenFigures {
  const claim = { ratio: 1.05, excess: 0.002 };
  const rate = {
    baselineRate: 0.02,
    baselineUnits: 10_000,
    baselineUpper: 0.024,
    harmNull: claim,
    nonInferiorityNull: claim,
    harmBound: 10,
  };
  const slow = { latencyBucket: 98, latencyThresholdMs: 500, quantileUsed: 0.99 };
  const mean = { margin: { ...margin, worse: 'lower' as const }, standardError: 1 };
  const claims = plan.guardrails.flatMap(({ metric, quantile }) =>
    plan.horizonsMs.map((horizonMs) => {
      const id = `${quantile === undefined ? metric : `${metric}:p99`}@${horizonMs}`;
      const figures = quantile === undefined ? rate : { ...rate, ...slow };
      if (metric === 'checkout.completed') return [id, { ...rate, ...NOT_DONE }];
      const isMean = metric === 'basket';
      return [id, isMean ? { ...rate, mean: { harm: mean, nonInferiority: mean } } : figures];
    }),
  );
  const hypotheses = Object.fromEntries([...claims, ['denied@requests', rate]]) as Frozen;
  return { nextStageUnits: 1_000, hypotheses };
}

type Frozen = FrozenFigures['hypotheses'];
