import type { Allocation } from '@downhaul/engine';
import { telemetryStage } from '../telemetry/rollout/history.ts';
import type { Cohort } from '../telemetry/rollout/cohort.ts';
import { judgesRequestsAlone } from '../telemetry/counted/judges.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';

/** The units of the present stage, while the rollout goes on. */
export function presentCohort(telemetry: RolloutTelemetry): Cohort | undefined {
  return telemetry.cohorts.get(telemetryStage(telemetry.rollout));
}

/** Distinct units first seen per second since the stage began, both arms; scaled up from a slice. */
export function unitsPerSecond(telemetry: RolloutTelemetry, nowMs: number): number {
  const cohort = presentCohort(telemetry);
  if (cohort === undefined || nowMs <= cohort.enteredAtMs) return 0;
  const units = (cohort.counts.control + cohort.counts.treatment) * 2 ** telemetry.slice;
  return units / ((nowMs - cohort.enteredAtMs) / 1_000);
}

/**
 * N of the figures of the stage that would come next: treatment units that the stage after it exposes
 * within `reactionTime`. Every unit is new to a stage at its beginning, so the traffic to expect is
 * that of the present stage's own beginning. At least 1, so that a budget can be divided by it. Where
 * every guardrail is counted by request, N is of requests.
 */
export function nextStageUnits(telemetry: RolloutTelemetry, nowMs: number): number {
  const { plan, stage } = telemetry.rollout;
  const cohort = presentCohort(telemetry);
  const after = plan.stages[stage + 2] ?? plan.stages.at(-1);
  if (cohort === undefined || after === undefined) return 1;
  if (judgesRequestsAlone(telemetry)) {
    const perMs = requestsPerMs(telemetry, cohort);
    const share = largestShare(after.allocations, 0) / 1_000_000;
    return Math.max(1, Math.ceil(perMs * plan.reactionTimeMs * share));
  }
  const seenMs = Math.min(plan.reactionTimeMs, Math.max(plan.batchMs, nowMs - cohort.enteredAtMs));
  const scale = (plan.reactionTimeMs / seenMs) * 2 ** telemetry.slice;
  let treated = 0;
  cohort.early.forEach((units, stratum) => {
    treated += (units * scale * largestShare(after.allocations, stratum)) / 1_000_000;
  });
  return Math.max(1, Math.ceil(treated));
}

/** The largest share of treatment in the stage that N is of, above 0 and at most 1. */
export function nextStageShare({ rollout: { plan, stage } }: RolloutTelemetry): number {
  const after = plan.stages[stage + 2] ?? plan.stages.at(-1);
  const share = largestShare(after?.allocations ?? [], 0);
  return share > 0 ? share / 1_000_000 : 1;
}

function requestsPerMs(
  { counted, closedThroughMs, plan }: RolloutTelemetry,
  cohort: Cohort,
): number {
  const requests = counted.metrics.map((metric) =>
    'queries' in metric.source && 'value' in metric.source.queries
      ? 0
      : metric.requests.control + metric.requests.treatment,
  );
  return Math.max(0, ...requests) / Math.max(plan.batchMs, closedThroughMs - cohort.enteredAtMs);
}

/** A unit is treated by its stratum's share or any later one that holds: the largest is the safe guess. */
function largestShare(allocations: readonly Allocation[], stratum: number): number {
  const shares = allocations.slice(Math.min(stratum, allocations.length - 1));
  return Math.max(0, ...shares.map(({ sharePerMillion }) => sharePerMillion));
}
