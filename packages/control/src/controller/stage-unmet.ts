import { exposuresNeeded, type HypothesisEvidence, TYPICAL_MIXTURE_FACTOR } from '@downhaul/judge';
import type { Evidence } from '../evidence/types.ts';
import type { RolloutState } from '../rollout/types.ts';
import { hypothesesOf } from '../telemetry/rollout/hypotheses.ts';
import { type DemandedHypothesis, unpassed } from './demanded.ts';
import type { ControllerInput, WaitsFor } from './types.ts';

/**
 * What the present stage still lacks before it may end; undefined when it lacks nothing. An unguarded
 * plan needs its bake alone. Where everyone is treated nothing can be non-inferior to a control, so
 * the bake and a live telemetry decide.
 */
export function stageUnmet(input: ControllerInput): WaitsFor | undefined {
  const { rollout, evidence, nowMs } = input;
  const stage = rollout.plan.stages[rollout.stage];
  const remainingMs = rollout.stageEnteredAtMs + (stage?.bakeMs ?? 0) - nowMs;
  if (remainingMs > 0) {
    return { code: 'bake', text: 'The stage bakes.', remaining: { ms: remainingMs } };
  }
  if (rollout.unguarded) return undefined;
  if (evidence === undefined) return { code: 'telemetry', text: 'No telemetry has arrived yet.' };
  if (evidence.quiet.length > 0) {
    const arms = evidence.quiet.join(' and ');
    return { code: 'quiet', text: `Nothing was heard lately of ${arms}.` };
  }
  const missing = Math.ceil((stage?.minimumSample ?? 0) - sampleOf(evidence));
  if (missing > 0) {
    const what = evidence.byRequest ? 'requests in treatment' : 'treatment units';
    const text = `${missing} more ${what} are needed for the minimum sample.`;
    return { code: 'minimum_sample', text, remaining: { units: missing } };
  }
  if (evidence.wholeStage !== undefined) return undefined;
  return guardrailsUnmet(rollout, evidence) ?? leaning(evidence);
}

/** Units in treatment; where nobody knows them, requests. */
function sampleOf({ byRequest, units, sources }: Evidence): number {
  if (!byRequest) return units.treatment;
  return Math.max(0, ...sources.map(({ requests }) => requests.treatment));
}

function guardrailsUnmet(rollout: RolloutState, evidence: Evidence): WaitsFor | undefined {
  const unmet = unpassed(rollout, evidence);
  if (unmet.length === 0) return undefined;
  const names = unmet.map(({ id }) => id).join(', ');
  const constant = unmet.filter(({ assessment }) => assessment?.noSpread).map(({ id }) => id);
  const silent =
    constant.length === 0
      ? ''
      : ` Every unit of an arm has the same value, so there is no spread to tell a difference by, and no evidence of health: ${constant.join(', ')}.`;
  const text = `Not yet shown to be no worse, at the margin of the next stage: ${names}.${silent}`;
  const values = hypothesesOf(rollout.plan).filter(({ byRequest }) => byRequest === 'value');
  const isValue = ({ id }: DemandedHypothesis) => values.some((each) => each.id === id);
  const units = Math.max(
    ...unmet.map((each) => (isValue(each) ? Infinity : unitsMissing(rollout, each))),
  );
  return Number.isFinite(units)
    ? { code: 'guardrails', text, remaining: { units } }
    : { code: 'guardrails', text };
}

/**
 * A margin that tolerates much is passed by luck or by what the margin tolerates. So nothing goes up
 * while a bet on harm is ahead, of all stages or of this one (docs/decisions/0015).
 */
function leaning({ assessment }: Evidence): WaitsFor | undefined {
  if (assessment.srm.logE > SUSPICIOUS_AT) {
    const text = 'The arms may not be a fair sample, though that is not shown yet.';
    return { code: 'sample_ratio_leaning', text };
  }
  const names = assessment.harm.attribution.filter(leansToHarm).map(({ hypothesis }) => hypothesis);
  if (names.length === 0) return undefined;
  const text = `Treatment looks worse than its margin tolerates, though that is not shown: ${names.join(', ')}.`;
  return { code: 'leaning', text };
}

/** ln e from which a bet on harm is ahead: above 0, with room for rounding. */
const LEANS_AT = 0.01;
/** Of slices many are looked at, and of the sample ratio nothing is said easily: one in twenty by chance. */
const SUSPICIOUS_AT = Math.log(20);

function leansToHarm({ logE, sinceStage, slice }: HypothesisEvidence): boolean {
  return Math.max(logE, sinceStage) > (slice === undefined ? LEANS_AT : SUSPICIOUS_AT);
}

/**
 * Treatment units still needed if the feature changes nothing; Infinity where nobody can tell, as where that
 * many were counted already and it is not shown.
 */
function unitsMissing(rollout: RolloutState, { id, assessment }: DemandedHypothesis): number {
  const frozen = rollout.frozen?.hypotheses[id];
  const share = Math.max(
    ...rollout.allocations.map(({ sharePerMillion }) => sharePerMillion / 1_000_000),
  );
  const margin = assessment?.null;
  if (frozen === undefined || assessment === undefined || margin === undefined) return Infinity;
  if (!(share > 0 && share < 1) || frozen.baselineRate + margin.excess <= 0) return Infinity;
  const needed = exposuresNeeded({
    baselineRate: frozen.baselineRate,
    null: margin,
    share,
    alpha: rollout.plan.alphaNonInferiority,
  });
  const missing = Math.ceil(needed * TYPICAL_MIXTURE_FACTOR) - assessment.units;
  return missing > 0 ? missing : Infinity;
}
