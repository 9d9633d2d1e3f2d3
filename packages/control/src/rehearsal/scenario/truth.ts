import type { Plan } from '../../plan/types.ts';
import { type Hypothesis, hypothesesOf } from '../../telemetry/rollout/hypotheses.ts';
import { planHarmNull } from '../../telemetry/rollout/margins.ts';
import { type LatencyLaw, latencyLaw } from '../service/latency-law.ts';
import type { ServiceModel } from '../service/types.ts';
import { effectsOn } from '../virtual/outcomes.ts';
import { rateChances, slowChances } from './outcome-law.ts';
import type { Scenario } from './types.ts';

/**
 * What should happen: nothing is wrong; something is worse and the plan tolerates it; something is worse
 * by more than a margin; or telemetry is lost, so that nobody can tell.
 */
export type Truth = 'healthy' | 'tolerated' | 'harmful' | 'untold';

/** Whether a scenario, in full and with everyone treated, is beyond the margin of a guardrail or signal. */
export function truthOf(scenario: Scenario, plan: Plan, service: ServiceModel): Truth {
  if (scenario.losses.some(({ crashed }) => crashed)) return 'harmful';
  const law = latencyLaw(service.latency);
  const judged = hypothesesOf(plan).filter(
    ({ role, horizonIndex }) => role !== 'success' && horizonIndex === 0,
  );
  if (judged.some((hypothesis) => isBeyond(hypothesis, scenario, { service, law }))) {
    return 'harmful';
  }
  if (scenario.losses.length > 0) return 'untold';
  return scenario.effects.length > 0 ? 'tolerated' : 'healthy';
}

function isBeyond(
  hypothesis: Hypothesis,
  scenario: Scenario,
  { service, law }: { readonly service: ServiceModel; readonly law: LatencyLaw },
): boolean {
  const effects = effectsOn(hypothesis, scenario);
  const at = {
    sharePerMillion: 1_000_000,
    stagePerMillion: 1_000_000,
    sinceFirstMs: Number.MAX_SAFE_INTEGER,
  };
  if (effects.length === 0) return false;
  const { kind, guardrail, metric } = hypothesis;
  if (kind === 'slow') {
    const quantile = guardrail.quantile ?? 0.99;
    const thresholdMs = law.quantileMs(quantile) * (1 + guardrail.margin.relative);
    return slowChances(thresholdMs, law, { effects, at }).treatment > 1 - quantile;
  }
  const usual = service.rates[metric]?.value ?? 0;
  const { ratio, excess } = planHarmNull(hypothesis);
  return rateChances(kind, usual, { effects, at }).treatment > ratio * usual + excess + 1e-12;
}
