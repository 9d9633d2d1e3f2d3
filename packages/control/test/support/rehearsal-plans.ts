import { assumeService, type Plan, readPlanDocument, type ServiceModel } from '@downhaul/control';

/** Metrics that are no built-in ones. */
const METRICS = [
  { key: 'order.placed', kind: 'conversion', worse: 'lower' } as const,
  { key: 'refund', kind: 'share', worse: 'higher' } as const,
].map((metric) => ({
  ...metric,
  source: { type: 'sdk' } as const,
  owner: 'team',
  description: 'what the shop tracks',
  version: 1,
}));

/** A plan from its document; a test that writes a wrong one fails. */
export function planOf(document: Readonly<Record<string, unknown>>): Plan {
  const read = readPlanDocument({ plan: 'rehearsed', ...document });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return { ...read.value, metrics: METRICS };
}

/** Stages of a minute or so, so that a run is short. */
export const BRISK = planOf({
  baseline: '10s',
  stages: [
    { share: '5%', bake: '20s' },
    { share: '25%', bake: '20s' },
    { share: '100%', bake: '20s' },
  ],
  guardrails: [
    { metric: 'http.error_rate', margin: { relative: '20%', absolute: 0.03 } },
    { metric: 'http.latency', quantile: 'p95', margin: { relative: '100%' } },
  ],
  harmBudget: 200,
  reactionTime: '10s',
  batch: '1s',
  horizons: ['4s'],
  whenBlind: { hold: '30s', then: 'pause', treatmentOnly: 'rollback' },
  whenStageTooLong: { after: '5m', then: 'pause' },
});

export const CAREFUL = planOf({
  stages: ['1%', '5%', '25%', '50%', '100%'].map((share) => ({ share, bake: '30m' })),
  guardrails: [{ metric: 'http.error_rate', margin: { relative: '20%' } }],
});

export function serviceOf(
  plan: Plan,
  { unitsPerSecond = 200, errorRate = 0.005, returning = 0 } = {},
): ServiceModel {
  const given = (value: number) => ({ value, known: 'given' as const });
  return assumeService(plan, {
    unitsPerSecond: given(unitsPerSecond),
    returningShare: given(returning),
    rates: { 'http.error_rate': given(errorRate) },
    ...(plan === BRISK
      ? { timing: { graceMs: 2_000, reportIntervalMs: 1_000, delayMs: 500 } }
      : {}),
  });
}
