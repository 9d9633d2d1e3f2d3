import type { Guardrail, Plan } from '../plan/types.ts';
import type { KnownMetrics } from './known-metrics.ts';
import type { Metric } from './types.ts';

/**
 * The plan with the definitions of its metrics, as a rollout is started with: later changes of a
 * document do not reach it. What a guardrail leaves to its metric (`worse`) is filled in.
 */
export function freezeMetrics(plan: Plan, known: KnownMetrics): Plan {
  const metrics = metricNamesOf(plan).flatMap((key): readonly Metric[] => {
    const metric = known.get(key);
    return metric === undefined ? [] : [metric];
  });
  return {
    ...plan,
    guardrails: plan.guardrails.map((guardrail) => withWorse(guardrail, known)),
    signals: plan.signals.map((guardrail) => withWorse(guardrail, known)),
    metrics,
  };
}

/** The metrics that a plan names, each once: those of guardrails, signals and success criteria. */
export function metricNamesOf({
  guardrails,
  signals,
  success,
}: Pick<Plan, 'guardrails' | 'signals' | 'success'>): readonly string[] {
  return [...new Set([...guardrails, ...signals, ...success].map(({ metric }) => metric))];
}

function withWorse(guardrail: Guardrail, known: KnownMetrics): Guardrail {
  const worse = guardrail.worse ?? known.get(guardrail.metric)?.worse ?? 'higher';
  return { ...guardrail, worse };
}
