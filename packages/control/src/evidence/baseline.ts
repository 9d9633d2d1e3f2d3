import { mergeMoments, type Moments, NO_MOMENTS } from '@downhaul/judge';
import { guardrailName, type Hypothesis, latencyKey } from '../telemetry/rollout/hypotheses.ts';
import type { RolloutTelemetry, UnitCounts } from '../telemetry/rollout/types.ts';

/** Units from which the window before the rollout stands alone. */
const ENOUGH_UNITS = 200;

const NONE: UnitCounts = { units: 0, bad: 0 };

/**
 * Closed units of the baseline under a hypothesis, and the bad ones among them. The window before the
 * rollout stands alone where it is large enough; the control arm of the stages since is added where
 * it is not, as for a horizon longer than the window. Where neither has closed a unit yet, the nearest
 * shorter horizon of the same metric lends its counts.
 */
export function baselineRate(telemetry: RolloutTelemetry, hypothesis: Hypothesis): UnitCounts {
  for (const candidate of shorterFirst(telemetry, hypothesis)) {
    const before = telemetry.baseline.rates.get(candidate.id) ?? NONE;
    if (before.units >= ENOUGH_UNITS) return before;
    const since = telemetry.control.rates.get(candidate.id) ?? NONE;
    const both = { units: before.units + since.units, bad: before.bad + since.bad };
    if (both.units > 0) return both;
  }
  return NONE;
}

/**
 * Control's usual rate, for what the next stage may risk: the baseline and the control arm of the stages
 * since. A window of minutes is low or high by chance, and a margin that chance made small holds a healthy
 * feature back.
 */
export function usualCounts(telemetry: RolloutTelemetry, hypothesis: Hypothesis): UnitCounts {
  const before = telemetry.baseline.rates.get(hypothesis.id) ?? NONE;
  const since = telemetry.control.rates.get(hypothesis.id) ?? NONE;
  const units = before.units + since.units;
  if (units === 0) return baselineRate(telemetry, hypothesis);
  return { units, bad: before.bad + since.bad };
}

/** How many baseline units had their slowest request in each bucket; the same rule, without lending. */
export function baselineLatency(
  telemetry: RolloutTelemetry,
  { metric, horizonMs }: Hypothesis,
): readonly number[] {
  const key = latencyKey(metric, horizonMs);
  const before = telemetry.baseline.latency.get(key) ?? [];
  if (sum(before) >= ENOUGH_UNITS) return before;
  const since = telemetry.control.latency.get(key) ?? [];
  return Array.from(
    { length: Math.max(before.length, since.length) },
    (_, bucket) => (before[bucket] ?? 0) + (since[bucket] ?? 0),
  );
}

/** The figures of baseline units under a mean; the same rule. */
export function baselineMean(telemetry: RolloutTelemetry, hypothesis: Hypothesis): Moments {
  for (const { id } of shorterFirst(telemetry, hypothesis)) {
    const before = telemetry.baseline.means.get(id) ?? NO_MOMENTS;
    if (before.count >= ENOUGH_UNITS) return before;
    const both = mergeMoments(before, telemetry.control.means.get(id) ?? NO_MOMENTS);
    if (both.count > 0) return both;
  }
  return NO_MOMENTS;
}

/** The hypothesis itself, then the same claim at its shorter horizons, the longest first. */
function shorterFirst(telemetry: RolloutTelemetry, hypothesis: Hypothesis): Hypothesis[] {
  const name = guardrailName(hypothesis.guardrail);
  return telemetry.hypotheses
    .filter(
      (other) =>
        other.role === hypothesis.role &&
        guardrailName(other.guardrail) === name &&
        other.horizonMs <= hypothesis.horizonMs,
    )
    .sort((one, other) => other.horizonMs - one.horizonMs);
}

function sum(histogram: readonly number[]): number {
  return histogram.reduce((total, count) => total + count, 0);
}
