import {
  absorb,
  absorbAssignments,
  addStart,
  attemptAlpha,
  createJudge,
  enterStage as enterJudgeStage,
  type Hypothesis as JudgedHypothesis,
  type JudgeState,
  START_WEIGHTS,
} from '@downhaul/judge';

import type { RolloutState } from '../../rollout/types.ts';
import type { Tally } from './close-horizons.ts';
import type { Cohort } from './cohort.ts';
import { hasControlArm } from './history.ts';
import type { Hypothesis } from './hypotheses.ts';
import { planHarmNull } from './margins.ts';
import type { AssignmentTally, RolloutTelemetry } from './types.ts';

/** Within a long stage, evidence is counted anew from every so often: leaks begin late. */
const LATER_START_MS = 6 * 3_600_000;

/**
 * The judge of an attempt, without evidence. All attempts share one alpha (settled question 7), and
 * the horizons of a guardrail share its weight.
 */
export function startJudging(
  rollout: Pick<RolloutState, 'plan' | 'attempt'>,
  hypotheses: readonly Hypothesis[],
): JudgeState {
  const { plan, attempt } = rollout;
  return createJudge({
    alphaHarm: attemptAlpha(plan.alphaHarm, attempt),
    alphaNonInferiority: plan.alphaNonInferiority,
    alphaSrm: plan.alphaSrm,
    startWeights: START_WEIGHTS,
    laterStarts: plan.stages.some(
      ({ bakeMs, allocations }) => bakeMs >= LATER_START_MS && hasControlArm(allocations),
    ),
    hypotheses: hypotheses.map((hypothesis) => judged(hypothesis, hypotheses)),
  });
}

/** Opens a stage with the figures that were frozen for it. */
export function enterStage(telemetry: RolloutTelemetry, { stage, frozen }: RolloutState): void {
  const figures = Object.entries(frozen?.hypotheses ?? {}).filter(([id]) =>
    telemetry.hypotheses.some((hypothesis) => hypothesis.id === id),
  );
  enterJudgeStage(telemetry.judge, {
    stage,
    nonInferiority: Object.fromEntries(
      figures
        .filter(([id]) => telemetry.hypotheses.some((each) => each.id === id && isJudged(each)))
        .map(([id, { nonInferiorityNull }]) => [id, nonInferiorityNull]),
    ),
    harmNull: Object.fromEntries(figures.map(([id, { harmNull }]) => [id, harmNull])),
    baselineRates: Object.fromEntries(figures.map(([id, { baselineRate }]) => [id, baselineRate])),
  });
}

/** Hands a closed batch to the judge, in the order of hypothesis and stratum; an incomplete one for harm only. */
export function absorbTallies(
  telemetry: RolloutTelemetry,
  { stage, complete }: { readonly stage: number; readonly complete: boolean },
  tallies: readonly Tally[],
): void {
  for (const { id, horizonMs } of telemetry.hypotheses) {
    for (const tally of tallies) {
      const bad = tally.horizonMs === horizonMs ? tally.bad.get(id) : undefined;
      if (bad === undefined) continue;
      absorb(telemetry.judge, {
        hypothesis: id,
        stage,
        stratum: stratumOf(tally),
        harmOnly: !complete,
        counts: {
          treatment: { units: tally.units.treatment, bad: bad.treatment },
          control: { units: tally.units.control, bad: bad.control },
        },
        carried: { units: tally.units.carried, bad: bad.carried },
      });
    }
  }
}

export function absorbFirstAssignments(
  telemetry: RolloutTelemetry,
  tallies: readonly AssignmentTally[],
): void {
  for (const { stage, allocation, share, treatment, control } of tallies) {
    absorbAssignments(telemetry.judge, {
      stage,
      stratum: String(allocation),
      expectedTreatmentShare: share,
      treatment,
      control,
    });
  }
}

/** Begins a further start when the stage, at the end of a batch, has lasted another six hours. */
export function startAnewInLongStage(
  telemetry: RolloutTelemetry,
  { stage, enteredAtMs }: Cohort,
  endMs: number,
): void {
  const { judge } = telemetry;
  if (!judge.config.laterStarts || judge.stage !== stage) return;
  const { batchMs } = telemetry.plan;
  const startsBy = (atMs: number) => Math.floor((atMs - enteredAtMs) / LATER_START_MS);
  if (startsBy(endMs) > Math.max(0, startsBy(endMs - batchMs))) addStart(judge);
}

/** The allocation, and for units of an earlier stage the share that it told of: `0`, `0/100000`. */
function stratumOf({ allocation, shareBefore }: Tally): string {
  return shareBefore === 0 ? String(allocation) : `${allocation}/${shareBefore}`;
}

function isJudged({ role }: Hypothesis): boolean {
  return role !== 'success';
}

function judged(hypothesis: Hypothesis, all: readonly Hypothesis[]): JudgedHypothesis {
  const { id, metric, horizonMs, role } = hypothesis;
  const sum = all
    .filter((other) => other.role === role)
    .reduce((total, { weight }) => total + weight, 0);
  return {
    id,
    metric,
    horizonMs,
    role,
    weight: sum > 0 ? hypothesis.weight / sum : 0,
    harmNull: planHarmNull(hypothesis),
    baselineRate: 0,
  };
}
