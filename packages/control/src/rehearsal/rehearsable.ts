import type { Metric } from '../metric/types.ts';
import type { Plan } from '../plan/types.ts';

/** A plan as it can be played, and the metrics that had to be left out. */
interface Rehearsable {
  readonly plan: Plan;
  readonly left: readonly string[];
}

/**
 * The plan with every metric counted by unit, whatever its source, and without the claims on means: of
 * them a rehearsal knows no law. The weights of what is left add up to 1 again.
 */
export function rehearsable(plan: Plan): Rehearsable {
  const { metrics } = plan;
  if (metrics === undefined) return { plan, left: [] };
  const left = metrics.filter(({ kind }) => kind === 'mean').map(({ key }) => key);
  const stays = ({ metric }: { readonly metric: string }) => !left.includes(metric);
  return {
    plan: {
      ...plan,
      guardrails: reweighted(plan.guardrails.filter(stays)),
      signals: reweighted(plan.signals.filter(stays)),
      success: plan.success.filter(stays),
      metrics: metrics.filter(({ key }) => !left.includes(key)).map(byUnit),
    },
    left,
  };
}

function byUnit(metric: Metric): Metric {
  return metric.source.type === 'sdk' ? metric : { ...metric, source: { type: 'sdk' } };
}

function reweighted<Claim extends { readonly weight: number }>(claims: readonly Claim[]): Claim[] {
  const sum = claims.reduce((total, { weight }) => total + weight, 0);
  const even = 1 / claims.length;
  return claims.map((claim) => ({ ...claim, weight: sum > 0 ? claim.weight / sum : even }));
}
