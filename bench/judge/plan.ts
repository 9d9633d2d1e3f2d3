import {
  type FrozenFigures,
  type Guardrail,
  type Plan,
  PLAN_DEFAULTS,
  type RolloutTelemetry,
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

const margin = { relative: 0.05, absolute: 0.002 };
const GUARDRAILS: readonly Guardrail[] = [
  { metric: 'http.error_rate', worse: 'higher', margin, weight: 0.2 },
  { metric: 'http.latency', quantile: 0.99, worse: 'higher', margin, weight: 0.2 },
  { metric: 'checkout.completed', worse: 'lower', margin, weight: 0.2 },
  { metric: 'basket', worse: 'lower', margin, weight: 0.2 },
  { metric: 'denied', worse: 'higher', margin, weight: 0.2 },
];

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
  const ids = plan.guardrails.flatMap(({ metric, quantile }) =>
    plan.horizonsMs.map((horizonMs) => ({
      id: `${quantile === undefined ? metric : `${metric}:p99`}@${horizonMs}`,
      slow: quantile !== undefined,
    })),
  );
  const hypotheses = ids.map(({ id, slow }) => [
    id,
    slow ? { ...rate, latencyBucket: 98, latencyThresholdMs: 500, quantileUsed: 0.99 } : rate,
  ]);
  return {
    nextStageUnits: 1_000,
    hypotheses: Object.fromEntries(hypotheses) as FrozenFigures['hypotheses'],
  };
}

/** Hypotheses that no units of a cohort feed. */
export function judgedApart(
  hypotheses: RolloutTelemetry['hypotheses'],
): { hypothesis: string; kind: 'mean' | 'requests' }[] {
  return hypotheses.flatMap(({ id, kind }) =>
    kind === 'mean' || kind === 'requests' ? [{ hypothesis: id, kind }] : [],
  );
}
