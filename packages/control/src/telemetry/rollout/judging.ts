import {
  absorb,
  absorbAssignments,
  absorbMeans,
  addSlice,
  addStart,
  attemptAlpha,
  createJudge,
  enterStage as enterJudgeStage,
  type Hypothesis as JudgedHypothesis,
  type JudgeState,
  type MeanEntry,
  type Null,
  sliceId,
  type SliceOf,
} from '@downhaul/judge';

import { slicesOf } from '../../plan/slices.ts';
import type { RolloutState } from '../../rollout/types.ts';
import type { Tally } from './close-horizons.ts';
import type { Cohort } from './cohort.ts';
import { hasControlArm } from './history.ts';
import type { Hypothesis } from './hypotheses.ts';
import { planHarmNull, testableNull } from './margins.ts';
import type { AssignmentTally, RolloutTelemetry } from './types.ts';

/** Within a long stage, evidence is counted anew from every so often: leaks begin late. */
const LATER_START_MS = 6 * 3_600_000;
/** After so many a further start comes when the stage is by one part in so many older: they never end. */
const EVEN_STARTS = 24;

/**
 * The judge of an attempt, without evidence. All attempts share one alpha (settled question 7), and
 * the horizons of a guardrail share its weight.
 */
export function startJudging(
  rollout: Pick<RolloutState, 'plan' | 'attempt'>,
  hypotheses: readonly Hypothesis[],
): JudgeState {
  const { plan, attempt } = rollout;
  const dimensions = slicesOf(plan).map(({ attribute }) => attribute);
  return createJudge({
    alphaHarm: attemptAlpha(plan.alphaHarm, attempt),
    alphaNonInferiority: plan.alphaNonInferiority,
    alphaSrm: plan.alphaSrm,
    laterStarts: plan.stages.some(
      ({ bakeMs, allocations }) => bakeMs >= LATER_START_MS && hasControlArm(allocations),
    ),
    hypotheses: hypotheses.map((hypothesis) => judged(hypothesis, hypotheses)),
    ...(dimensions.length > 0 ? { slices: { dimensions } } : {}),
  });
}

const NO_MARGIN = { relative: 0, absolute: 0 };

/** Opens a stage with the figures that were frozen for it. */
export function enterStage(telemetry: RolloutTelemetry, { stage, frozen }: RolloutState): void {
  const nonInferiority: Record<string, Null> = {};
  const harmNull: Record<string, Null> = {};
  const baselineRates: Record<string, number> = {};
  const means: Record<string, MeanEntry> = {};
  for (const { id, kind, role } of telemetry.hypotheses) {
    const figures = frozen?.hypotheses[id];
    if (figures === undefined) continue;
    // A success criterion is judged by its totals alone.
    const isDemanded = role !== 'success';
    if (kind === 'mean') {
      if (figures.mean === undefined) continue;
      const { harm, nonInferiority: next } = figures.mean;
      means[id] = isDemanded
        ? { harm, nonInferiority: next }
        : { harm: { ...harm, margin: { ...harm.margin, ...NO_MARGIN } } };
      continue;
    }
    harmNull[id] = figures.harmNull;
    baselineRates[id] = figures.baselineRate;
    if (!isDemanded) continue;
    const { nonInferiorityNull, baselineRate } = figures;
    // A rate of requests may have an excess of any size.
    nonInferiority[id] =
      kind === 'requests' ? nonInferiorityNull : testableNull(nonInferiorityNull, baselineRate);
  }
  enterJudgeStage(telemetry.judge, { stage, nonInferiority, harmNull, baselineRates, means });
}

/** A closed batch of a stage; one in which reports are missing speaks of harm alone. */
export interface StageBatch {
  readonly stage: number;
  readonly complete: boolean;
}

/** Hands a closed batch to the judge, in the order of hypothesis and stratum. */
export function absorbTallies(
  telemetry: RolloutTelemetry,
  batch: StageBatch,
  tallies: readonly Tally[],
): void {
  for (const { id, horizonMs } of telemetry.hypotheses) {
    for (const tally of tallies) {
      if (tally.horizonMs === horizonMs) absorbTally(telemetry, batch, { hypothesis: id, tally });
    }
  }
}

/**
 * Judges a slice's value apart from here on, under each of these hypotheses. To be called in the order in
 * which values were seen in exposures, before the first batch that tells of them.
 */
export function judgeSlice(
  { judge }: RolloutTelemetry,
  hypotheses: readonly Hypothesis[],
  slice: Omit<SliceOf, 'hypothesis'>,
): void {
  for (const { id, role } of hypotheses) {
    if (role !== 'success') addSlice(judge, { hypothesis: id, ...slice });
  }
}

/** The same of one slice's part of a tally, under the hypothesis' id with the slice in it. */
export function absorbSliceTally(
  telemetry: RolloutTelemetry,
  batch: StageBatch,
  of: Pick<SliceOf, 'hypothesis' | 'dimension' | 'value'> & { readonly tally: JudgedTally },
): void {
  absorbTally(telemetry, batch, {
    hypothesis: of.hypothesis,
    judgedAs: sliceId(of),
    tally: of.tally,
  });
}

/** What of a tally the judge takes in. */
type JudgedTally = Pick<Tally, 'allocation' | 'shareBefore' | 'units' | 'bad' | 'means'>;

function absorbTally(
  { judge }: RolloutTelemetry,
  { stage, complete }: StageBatch,
  {
    hypothesis,
    judgedAs = hypothesis,
    tally,
  }: { readonly hypothesis: string; readonly judgedAs?: string; readonly tally: JudgedTally },
): void {
  const place = { hypothesis: judgedAs, stage, stratum: stratumOf(tally), harmOnly: !complete };
  const moments = tally.means?.get(hypothesis);
  if (moments !== undefined) {
    const { control, fresh, carried } = moments;
    absorbMeans(judge, { ...place, treatment: { fresh, carried }, control });
  }
  const bad = tally.bad.get(hypothesis);
  if (bad === undefined) return;
  absorb(judge, {
    ...place,
    counts: {
      treatment: { units: tally.units.treatment, bad: bad.treatment },
      control: { units: tally.units.control, bad: bad.control },
    },
    carried: { units: tally.units.carried, bad: bad.carried },
  });
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

/** Begins a further start when the stage, at the end of a batch, has reached the age of the next one. */
export function startAnewInLongStage(
  telemetry: RolloutTelemetry,
  { stage, enteredAtMs }: Cohort,
  endMs: number,
): void {
  const { judge } = telemetry;
  if (!judge.config.laterStarts || judge.stage !== stage) return;
  const { batchMs } = telemetry.plan;
  const ageMs = endMs - enteredAtMs;
  if (laterStartsBy(ageMs) > laterStartsBy(ageMs - batchMs)) addStart(judge);
}

/**
 * Later starts of a stage of an age: every six hours for six days, then whenever it is 1/24 older. What begins
 * late is so always judged from a start that is at most 4 % of the stage's age away, and their number grows
 * with the logarithm of the age alone.
 */
export function laterStartsBy(ageMs: number): number {
  const even = Math.floor(Math.max(0, ageMs) / LATER_START_MS);
  if (even <= EVEN_STARTS) return even;
  const growth = Math.log(ageMs / (EVEN_STARTS * LATER_START_MS)) / Math.log1p(1 / EVEN_STARTS);
  return EVEN_STARTS + Math.floor(growth);
}

/** The allocation, and for units of an earlier stage the share that it told of: `0`, `0/100000`. */
function stratumOf({ allocation, shareBefore }: JudgedTally): string {
  return shareBefore === 0 ? String(allocation) : `${allocation}/${shareBefore}`;
}

function judged(hypothesis: Hypothesis, all: readonly Hypothesis[]): JudgedHypothesis {
  const { id, metric, horizonMs, role, kind, guardrail, byRequest } = hypothesis;
  let sum = 0;
  let count = 0;
  for (const other of all) {
    if (other.role !== role) continue;
    sum += other.weight;
    count += 1;
  }
  const common = {
    id,
    metric,
    horizonMs,
    role,
    // Signals may all be given a weight of 0, which says nothing of how to divide their alpha.
    weight: sum > 0 ? hypothesis.weight / sum : 1 / count,
  };
  if (kind === 'mean') {
    const { worse = 'higher' } = guardrail;
    // A success criterion is judged by its totals: what it wants is no margin, and may be any multiple.
    const margin = role === 'success' ? NO_MARGIN : guardrail.margin;
    // The first stage brings a standard error that the baseline has told of.
    const mean = { margin: { ...margin, worse }, standardError: 1 };
    return { ...common, kind: 'mean', mean };
  }
  const shared = { ...common, harmNull: planHarmNull(hypothesis), baselineRate: 0 };
  if (kind !== 'requests') return { ...shared, frequent: true };
  return { ...shared, kind, values: byRequest === 'value' };
}
