import { latencyBucketOf, latencyBucketUpperEdgeMs } from '@downhaul/engine';
import { frozenThreshold, type Null } from '@downhaul/judge';
import type { FrozenFigures, FrozenHypothesis } from '../rollout/types.ts';
import type { Hypothesis } from '../telemetry/rollout/hypotheses.ts';
import {
  planHarmNull,
  planNonInferiorityNull,
  type StageFigures,
  tolerantNull,
} from '../telemetry/rollout/margins.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import { baselineLatency, baselineRate, usualCounts } from './baseline.ts';
import { freezeMean } from './mean-figures.ts';
import { nextStageShare, nextStageUnits } from './traffic.ts';
import { wilsonUpper } from './wilson.ts';

const SCALE = { bucketOf: latencyBucketOf, upperEdgeMs: latencyBucketUpperEdgeMs };

/**
 * What would be frozen if the next stage were entered now («How the figures relate»):
 * - N: treatment units that the stage AFTER the entered one exposes within `reactionTime`, from the
 *   traffic of the present stage's beginning; the last stage stands for its own next.
 * - Rates: harm null p_T <= (1 + relative) p_C + absolute; non-inferiority at the same ratio with
 *   d = max(absolute, min(harmBudget / N, c x control's usual rate)), c = 0.5 / share of the stage that N
 *   is of, up to 25 %, and 0.5 above; at most half of the good outcomes that the margin asks for.
 * - Rates that may not fall: both in failures, with `relative` added to d (`telemetry/rollout/margins.ts`).
 * - Latency: tau = baseline quantile x (1 + relative), rounded up to a bucket edge; both nulls are
 *   p_T <= p_C + d with d = (1 - q) - the baseline's share above tau; for non-inferiority at least
 *   min(harmBudget / N, c x the baseline's share above tau).
 * - Means: `mean-figures.ts`.
 * - Harm bound: N x ((ratio - 1) x baseline rate + d).
 * A hypothesis without any closed unit at its horizon is left out where its figures need one (latency).
 */
export function nextFigures(telemetry: RolloutTelemetry, nowMs: number): FrozenFigures {
  const units = nextStageUnits(telemetry, nowMs);
  const hypotheses: Record<string, FrozenHypothesis> = {};
  for (const hypothesis of telemetry.hypotheses) {
    const frozen = freeze(telemetry, hypothesis, units);
    if (frozen !== undefined) hypotheses[hypothesis.id] = frozen;
  }
  return { nextStageUnits: units, hypotheses };
}

function freeze(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
  units: number,
): FrozenHypothesis | undefined {
  switch (hypothesis.kind) {
    case 'slow':
      return freezeLatency(telemetry, hypothesis, units);
    case 'mean': {
      const guardrail = currentGuardrail(telemetry, hypothesis);
      return freezeMean(telemetry, hypothesis, { guardrail, units });
    }
    default:
      return freezeRate(telemetry, hypothesis, units);
  }
}

function freezeRate(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
  units: number,
): FrozenHypothesis {
  const counts = baselineRate(telemetry, hypothesis);
  const rate = rateOf(counts);
  const claim = { ...hypothesis, guardrail: currentGuardrail(telemetry, hypothesis) };
  const harmNull = planHarmNull(claim);
  const isValue = hypothesis.byRequest === 'value';
  // A budget of units says nothing about a value: its margin is the same before every stage.
  const nonInferiorityNull = isValue
    ? harmNull
    : planNonInferiorityNull(
        claim,
        stageFigures(telemetry, units, rateOf(usualCounts(telemetry, hypothesis))),
      );
  return {
    baselineRate: rate,
    baselineUnits: counts.units,
    baselineUpper: isValue ? rate : wilsonUpper(counts),
    harmNull,
    nonInferiorityNull,
    harmBound: boundOf(units, rate, nonInferiorityNull),
  };
}

/** Half a bad outcome where none was seen: a rate of exactly 0 would leave no margin at all. */
function rateOf({ units, bad }: { readonly units: number; readonly bad: number }): number {
  return bad === 0 ? 0.5 / (units + 1) : bad / units;
}

function stageFigures(telemetry: RolloutTelemetry, units: number, rate: number): StageFigures {
  const { harmBudget } = telemetry.rollout.plan;
  return { harmBudget, units, share: nextStageShare(telemetry), rate };
}

function freezeLatency(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
  units: number,
): FrozenHypothesis | undefined {
  const histogram = baselineLatency(telemetry, hypothesis);
  const baselineUnits = histogram.reduce((sum, count) => sum + count, 0);
  if (baselineUnits === 0) return undefined;
  const { quantile, margin } = currentGuardrail(telemetry, hypothesis);
  const threshold = frozenThreshold(
    Object.fromEntries(histogram.map((count, bucket) => [bucket, count])),
    { quantile: quantile ?? 0.99, relativeMargin: margin.relative },
    SCALE,
  );
  const rate = threshold.baselineShareAbove;
  const harmNull: Null = { ratio: 1, excess: threshold.excess };
  const figures = stageFigures(telemetry, units, rate);
  const nonInferiorityNull = tolerantNull(harmNull, threshold.excess, figures);
  return {
    baselineRate: rate,
    baselineUnits,
    baselineUpper: wilsonUpper({ units: baselineUnits, bad: Math.round(rate * baselineUnits) }),
    harmNull,
    nonInferiorityNull,
    harmBound: boundOf(units, rate, nonInferiorityNull),
    latencyBucket: threshold.bucket,
    latencyThresholdMs: threshold.thresholdMs,
    quantileUsed: threshold.quantileUsed,
  };
}

function boundOf(units: number, rate: number, { ratio, excess }: Null): number {
  return units * ((ratio - 1) * rate + excess);
}

/** The margin as it stands now: a running rollout's may have been tightened. */
function currentGuardrail(telemetry: RolloutTelemetry, { role, guardrail }: Hypothesis) {
  const { plan } = telemetry.rollout;
  const list = role === 'guardrail' ? plan.guardrails : role === 'signal' ? plan.signals : [];
  return (
    list.find(
      ({ metric, quantile }) => metric === guardrail.metric && quantile === guardrail.quantile,
    ) ?? guardrail
  );
}
