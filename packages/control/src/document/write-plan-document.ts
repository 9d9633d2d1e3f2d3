import type { JsonValue } from '@downhaul/engine';
import type {
  BudgetPlan,
  Guardrail,
  Plan,
  RehearsalDemand,
  SlicePlan,
  Stage,
  WatchPlan,
} from '../plan/types.ts';
import { durationText } from './duration.ts';
import { quantileText, ratioText, shareText } from './percentage.ts';

/** The document of a plan, every default written out: `readPlanDocument` gives the plan back. */
export function writePlanDocument(plan: Plan): JsonValue {
  return {
    plan: plan.key,
    unit: plan.unit,
    baseline: durationText(plan.baselineMs),
    stages: plan.stages.map(stageDocument),
    guardrails: plan.guardrails.map(guardrailDocument),
    signals: plan.signals.map(guardrailDocument),
    success: plan.success.map(({ metric, better, by }) => ({
      metric,
      better,
      by: { relative: ratioText(by.relative) },
    })),
    harmBudget: plan.harmBudget,
    reactionTime: durationText(plan.reactionTimeMs),
    batch: durationText(plan.batchMs),
    horizons: plan.horizonsMs.map(durationText),
    holdback: shareText(plan.holdbackPerMillion),
    whenBlind: {
      hold: durationText(plan.whenBlind.holdMs),
      then: plan.whenBlind.then,
      treatmentOnly: plan.whenBlind.treatmentOnly,
    },
    whenStageTooLong: {
      after: durationText(plan.whenStageTooLong.afterMs),
      then: plan.whenStageTooLong.then,
    },
    ...(plan.whenShared === undefined ? {} : { whenShared: { ...plan.whenShared } }),
    ...(plan.watch === undefined ? {} : { watch: watchDocument(plan.watch) }),
    ...(plan.slices === undefined ? {} : { slices: plan.slices.map(sliceDocument) }),
    ...(plan.rehearsal === undefined ? {} : { rehearsal: rehearsalDocument(plan.rehearsal) }),
    alphaHarm: plan.alphaHarm,
    alphaNonInferiority: plan.alphaNonInferiority,
    alphaSrm: plan.alphaSrm,
    proof: {
      reached: durationText(plan.proof.reachedMs),
      silent: durationText(plan.proof.silentMs),
      recovered: durationText(plan.proof.recoveredMs),
    },
  };
}

function watchDocument({ untilMs, forMs, falseAlarmEveryMs }: WatchPlan): JsonValue {
  return {
    ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString().slice(0, 10) }),
    ...(forMs === undefined ? {} : { for: durationText(forMs) }),
    falseAlarmEvery: durationText(falseAlarmEveryMs),
  };
}

function budgetDocument({ objective, windowMs, then }: BudgetPlan): JsonValue {
  return { objective: ratioText(objective), window: durationText(windowMs), then };
}

function rehearsalDocument(demand: RehearsalDemand): JsonValue {
  return {
    required: demand.required,
    within: durationText(demand.withinMs),
    falseRollback: ratioText(demand.falseRollback),
    missed: ratioText(demand.missed),
  };
}

function stageDocument({ allocations, bakeMs, minimumSample }: Stage): JsonValue {
  const [first, ...others] = allocations;
  return {
    share: shareText(first?.sharePerMillion ?? 0),
    bake: durationText(bakeMs),
    minimumSample,
    ...(first?.audience === undefined ? {} : { audience: first.audience }),
    ...(others.length === 0 ? {} : { plus: others.map(allocationDocument) }),
  };
}

/** Everyone, for an allocation beside the first one, is the condition that always holds. */
function allocationDocument({
  audience,
  sharePerMillion,
}: Stage['allocations'][number]): JsonValue {
  return { audience: audience ?? { all: [] }, share: shareText(sharePerMillion) };
}

/** A plain name of an earlier release stays one. */
function sliceDocument(slice: string | SlicePlan): JsonValue {
  if (typeof slice === 'string') return slice;
  const { attribute, minimumSample } = slice;
  return { attribute, minimumSample };
}

function guardrailDocument({
  metric,
  quantile,
  worse,
  margin,
  weight,
  budget,
}: Guardrail): JsonValue {
  return {
    metric,
    ...(quantile === undefined ? {} : { quantile: quantileText(quantile) }),
    ...(worse === undefined ? {} : { worse }),
    margin: { relative: ratioText(margin.relative), absolute: margin.absolute },
    weight,
    ...(budget === undefined ? {} : { budget: budgetDocument(budget) }),
  };
}
