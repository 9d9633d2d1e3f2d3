import { MAX_SLICES } from '@downhaul/engine';
import { failure, type Result, success } from '../error/result.ts';
import type { DomainError } from '../error/types.ts';
import { checkPlan } from '../plan/check-plan.ts';
import {
  defaultBaselineMs,
  defaultHorizonsMs,
  PLAN_DEFAULTS,
  REHEARSAL_DEFAULTS,
} from '../plan/defaults.ts';
import type { Plan, RehearsalDemand } from '../plan/types.ts';
import { readGuardrail, readSuccess, withWeights } from './read-guardrail.ts';
import { readSlice } from './read-slice.ts';
import { readStage } from './read-stage.ts';
import { readWatch } from './read-watch.ts';
import { listOf, numberOf, objectOf, oneOf, type Reader, type ValueOf } from './reader.ts';
import {
  readKey,
  readLength,
  readName,
  readRatio,
  readShare,
  readVersion,
  readWait,
  readYesNo,
} from './readers.ts';

const readAlpha = numberOf({ least: 1e-9, most: 0.5 });
const blindAction = oneOf('hold', 'pause', 'rollback');

const planProperties = {
  unit: readName,
  baseline: readWait,
  guardrails: listOf(readGuardrail, { most: 20 }),
  signals: listOf(readGuardrail, { most: 20 }),
  success: listOf(readSuccess, { most: 20 }),
  harmBudget: numberOf({ least: 0, most: 1_000_000_000 }),
  reactionTime: readLength,
  batch: readLength,
  horizons: listOf(readLength, { least: 1, most: 5 }),
  holdback: readShare,
  whenBlind: objectOf({}, { hold: readWait, then: blindAction, treatmentOnly: blindAction }),
  whenStageTooLong: objectOf({}, { after: readLength, then: oneOf('pause', 'rollback') }),
  whenShared: objectOf({ then: oneOf('rollback', 'hold') }, {}),
  watch: readWatch,
  slices: listOf(readSlice, { most: MAX_SLICES }),
  rehearsal: objectOf(
    {},
    { required: readYesNo, within: readLength, falseRollback: readRatio, missed: readRatio },
  ),
  alphaHarm: readAlpha,
  alphaNonInferiority: readAlpha,
  alphaSrm: readAlpha,
  proof: objectOf({}, { reached: readLength, silent: readLength, recovered: readLength }),
};

const stages = listOf(readStage, { most: 50 });
const readNamed = objectOf({ plan: readKey, stages }, { ...planProperties, version: readVersion });
const readInline = objectOf({ stages }, { plan: readKey, ...planProperties });

type PlanShape = ValueOf<typeof readNamed>;

/** A plan from its document, as JSON, all defaults filled in; or every problem in it. */
export function readPlanDocument(json: unknown): Result<Plan> {
  const problems: DomainError[] = [];
  const shape = readNamed(json, '', problems);
  const plan = shape && planOf(shape);
  if (plan !== undefined) problems.push(...checkPlan(plan));
  return plan === undefined || problems.length > 0 ? failure(...problems) : success(plan);
}

/** A plan written inside a flag's document; its key is empty where it has no name of its own. */
export const readInlinePlan: Reader<Plan> = (value, path, problems) => {
  const shape = readInline(value, path, problems);
  return shape && planOf({ plan: '', ...shape });
};

function planOf(shape: PlanShape): Plan {
  const { batch: batchMs = PLAN_DEFAULTS.batchMs, guardrails = [], signals = [] } = shape;
  const horizonsMs = shape.horizons ?? defaultHorizonsMs(batchMs, shape.stages);
  const isJudged = guardrails.length + signals.length > 0;
  return {
    key: shape.plan,
    unit: shape.unit ?? PLAN_DEFAULTS.unit,
    baselineMs: shape.baseline ?? (isJudged ? defaultBaselineMs(batchMs, horizonsMs) : 0),
    stages: shape.stages,
    guardrails: withWeights(guardrails),
    signals: withWeights(signals),
    success: shape.success ?? [],
    harmBudget: shape.harmBudget ?? PLAN_DEFAULTS.harmBudget,
    reactionTimeMs: shape.reactionTime ?? PLAN_DEFAULTS.reactionTimeMs,
    batchMs,
    horizonsMs,
    holdbackPerMillion: shape.holdback ?? PLAN_DEFAULTS.holdbackPerMillion,
    ...patienceOf(shape),
    ...askedFor(shape),
    ...alphasOf(shape),
    proof: proofOf(shape.proof),
  };
}

/** What a plan has only where its document says so. */
function askedFor({
  whenShared,
  watch,
  slices,
  rehearsal,
}: PlanShape): Pick<Plan, 'whenShared' | 'watch' | 'slices' | 'rehearsal'> {
  return {
    ...(whenShared === undefined ? {} : { whenShared }),
    ...(watch === undefined ? {} : { watch }),
    ...(slices === undefined ? {} : { slices }),
    ...(rehearsal === undefined ? {} : { rehearsal: rehearsalOf(rehearsal) }),
  };
}

function patienceOf({
  whenBlind = {},
  whenStageTooLong = {},
}: PlanShape): Pick<Plan, 'whenBlind' | 'whenStageTooLong'> {
  const blind = PLAN_DEFAULTS.whenBlind;
  const tooLong = PLAN_DEFAULTS.whenStageTooLong;
  return {
    whenBlind: {
      holdMs: whenBlind.hold ?? blind.holdMs,
      then: whenBlind.then ?? blind.then,
      treatmentOnly: whenBlind.treatmentOnly ?? blind.treatmentOnly,
    },
    whenStageTooLong: {
      afterMs: whenStageTooLong.after ?? tooLong.afterMs,
      then: whenStageTooLong.then ?? tooLong.then,
    },
  };
}

function rehearsalOf(shape: NonNullable<PlanShape['rehearsal']>): RehearsalDemand {
  const usual = REHEARSAL_DEFAULTS;
  return {
    required: shape.required ?? usual.required,
    withinMs: shape.within ?? usual.withinMs,
    falseRollback: shape.falseRollback ?? usual.falseRollback,
    missed: shape.missed ?? usual.missed,
  };
}

function alphasOf(shape: PlanShape): Pick<Plan, 'alphaHarm' | 'alphaNonInferiority' | 'alphaSrm'> {
  return {
    alphaHarm: shape.alphaHarm ?? PLAN_DEFAULTS.alphaHarm,
    alphaNonInferiority: shape.alphaNonInferiority ?? PLAN_DEFAULTS.alphaNonInferiority,
    alphaSrm: shape.alphaSrm ?? PLAN_DEFAULTS.alphaSrm,
  };
}

function proofOf(proof: PlanShape['proof'] = {}): Plan['proof'] {
  const usual = PLAN_DEFAULTS.proof;
  return {
    reachedMs: proof.reached ?? usual.reachedMs,
    silentMs: proof.silent ?? usual.silentMs,
    recoveredMs: proof.recovered ?? usual.recoveredMs,
  };
}
