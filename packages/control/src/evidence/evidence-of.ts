import {
  assess,
  type Assessment,
  assessTotals,
  type DimensionalSrm,
  JUDGE_VERSION,
} from '@downhaul/judge';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { TelemetryState } from '../telemetry/state.ts';
import { baselineLatency, baselineMean, baselineRate } from './baseline.ts';
import type { EnvironmentHours } from '../telemetry/hours/types.ts';
import { attributionEvidence } from './attribution.ts';
import { budgetEvidence } from './budgets.ts';
import { nextFigures } from './figures.ts';
import { freshnessOf } from './freshness-of.ts';
import { harmSources } from './harm-sources.ts';
import { lateEvidence } from './late.ts';
import { withLazy } from './lazy.ts';
import { lostInstances } from './lost-instances.ts';
import { sliceEvidence, slicedSampleRatio } from './slices.ts';
import { judgesRequestsAlone } from '../telemetry/counted/judges.ts';
import { sourceEvidence } from './sources.ts';
import { successEvidence } from './success.ts';
import { syntheticEvidence } from './synthetic.ts';
import { presentCohort, unitsPerSecond } from './traffic.ts';
import type { Evidence } from './types.ts';
import { watchEvidence } from './watch.ts';
import { wholeStageEvidence } from './whole-stage.ts';

/**
 * What the telemetry says of a rollout at a moment of the store's clock; undefined for a rollout that
 * no `rolloutChanged` row has named. Changes nothing; the same state and moment give the same evidence.
 * What most looks need not is computed when it is read, so read it before the next row is folded.
 */
export function evidenceOf(
  state: TelemetryState,
  rolloutId: string,
  nowMs: number,
): Evidence | undefined {
  const telemetry = state.rollouts.get(rolloutId);
  if (telemetry === undefined) return undefined;
  const sampleRatio = slicedSampleRatio(telemetry);
  const assessment = withSampleRatio(assess(telemetry.judge), sampleRatio);
  const cohort = presentCohort(telemetry);
  const wholeStage = wholeStageEvidence(telemetry);
  const hours = state.environments.get(telemetry.environmentKey)?.hours;
  const decided = {
    rollout: rolloutId,
    stage: telemetry.rollout.stage,
    throughSequence: state.throughSequence,
    throughPosition: telemetry.throughPosition,
    judgeVersion: JUDGE_VERSION,
    closedBatches: telemetry.closedBatches,
    closedThroughMs: telemetry.closedThroughMs,
    assessment,
    ...freshnessOf(telemetry, nowMs, state.options.graceMs),
    units: { treatment: cohort?.counts.treatment ?? 0, control: cohort?.counts.control ?? 0 },
    sources: sourceEvidence(telemetry, nowMs, state.options.graceMs),
    byRequest: judgesRequestsAlone(telemetry),
    ...lateEvidence(telemetry),
    lostInstances: lostInstances(state, telemetry, nowMs),
    answered: telemetry.answered,
    ...(telemetry.resumedAtMs === undefined ? {} : { resumedAtMs: telemetry.resumedAtMs }),
    ...(wholeStage === undefined ? {} : { wholeStage }),
    ...contextEvidence(telemetry, assessment, { hours, nowMs }),
    ...(sampleRatio === undefined ? {} : { slicedSampleRatio: sampleRatio }),
    funnels: telemetry.funnels,
    measuredShare: 1 / 2 ** telemetry.slice,
    dropped: { ...telemetry.dropped, secondArm: secondArms(telemetry) },
    excluded: telemetry.excluded ?? [],
  };
  const evidence: Evidence = withLazy(decided, {
    totals: () => assessTotals(telemetry.judge),
    exposed: () => exposedUnits(telemetry),
    baseline: () => baselineCounts(telemetry, evidence.nextFigures),
    unitsPerSecond: () => unitsPerSecond(telemetry, nowMs),
    nextFigures: () => nextFigures(telemetry, nowMs),
    slices: () => sliceEvidence(telemetry, assessment),
    success: () => successEvidence(telemetry),
    synthetic: () => syntheticEvidence(telemetry),
    harmSources: () => harmSources(telemetry),
  });
  return evidence;
}

const NO_HOURS: EnvironmentHours = new Map();

interface At {
  readonly hours: EnvironmentHours | undefined;
  readonly nowMs: number;
}

function contextEvidence(
  telemetry: RolloutTelemetry,
  assessment: Assessment,
  { hours, nowMs }: At,
): Pick<Evidence, 'attribution' | 'budgets' | 'watch'> {
  const attribution = attributionEvidence(telemetry, assessment);
  const watch = watchEvidence(telemetry, nowMs);
  return {
    ...(attribution === undefined ? {} : { attribution }),
    budgets: budgetEvidence(telemetry, hours ?? NO_HOURS, nowMs),
    ...(watch === undefined ? {} : { watch }),
  };
}

/** Where units are told apart the one alpha is for the whole and all of its parts. */
function withSampleRatio(assessment: Assessment, sliced: DimensionalSrm | undefined): Assessment {
  if (sliced === undefined) return assessment;
  const { logE, limit, alarm } = sliced;
  return { ...assessment, srm: { ...assessment.srm, logE, limit, alarm } };
}

function exposedUnits({ cohorts }: RolloutTelemetry): Evidence['exposed'] {
  return [...cohorts.values()]
    .map(({ stage, counts: { treatment, control } }) => ({ stage, treatment, control }))
    .sort((one, other) => one.stage - other.stage);
}

function baselineCounts(
  telemetry: RolloutTelemetry,
  figures: Evidence['nextFigures'],
): Evidence['baseline'] {
  const counts: Record<string, Evidence['baseline'][string]> = {};
  for (const hypothesis of telemetry.hypotheses) {
    if (hypothesis.kind === 'mean') {
      const { count, mean } = baselineMean(telemetry, hypothesis);
      counts[hypothesis.id] = { units: count, bad: 0, mean };
      continue;
    }
    if (hypothesis.kind !== 'slow') {
      const { units, bad } = baselineRate(telemetry, hypothesis);
      counts[hypothesis.id] = { units, bad };
      continue;
    }
    const bucket = figures.hypotheses[hypothesis.id]?.latencyBucket ?? Number.POSITIVE_INFINITY;
    let units = 0;
    let bad = 0;
    baselineLatency(telemetry, hypothesis).forEach((count, slowest) => {
      units += count;
      if (slowest > bucket) bad += count;
    });
    counts[hypothesis.id] = { units, bad };
  }
  return counts;
}

function secondArms({ cohorts }: RolloutTelemetry): number {
  let units = 0;
  for (const { contradicted } of cohorts.values()) units += contradicted;
  return units;
}
