import { multiplyBatch } from '../betting/process.ts';
import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../betting/mixtures.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireArm, requireCount, requireCounts } from '../error/require.ts';
import { harmNullAt } from './enter-stage.ts';
import { addToRatio, ALL_STAGES, emptyRatioCounts } from './ratio-counts.ts';
import type { ArmCounts, BatchCounts } from '../betting/types.ts';
import type { HypothesisState, JudgeState } from './types.ts';

export interface StratumBatch {
  /** Id of the hypothesis. */
  readonly hypothesis: string;
  /** Stage in which the units were first seen; units of an older stage may mature later. */
  readonly stage: number;
  /** Units of one stratum shared the same chance of treatment. */
  readonly stratum: string;
  readonly counts: BatchCounts;
  /**
   * Those of `counts.treatment` that were in treatment at an earlier stage already. Chance placed them
   * there before their earlier outcomes were seen, so only starts of their own stage may count them
   * again; without this field every start does, and users who often fail are counted again and again.
   * What is left then are units with different chances of treatment, by the share at which an earlier
   * stage saw them: each such share, with the `carried` ones, is a stratum, and so are units never seen
   * before (docs/judge.md).
   */
  readonly carried?: ArmCounts;
  /**
   * True for a batch whose outcomes may not all have arrived: it may speak of harm, not of health.
   * Leaving a batch out multiplies the capital by 1, so non-inferiority stays an e-process as long as
   * what decides about it (whose reports are missing) does not depend on the batch's own outcomes.
   */
  readonly harmOnly?: boolean;
}

/**
 * Takes in one closed batch of one stratum. Harm: every start at or before the units' stage.
 * Non-inferiority: only units of the present stage, unless `harmOnly`. Throws `JudgeInputError` for impossible counts, an
 * unknown hypothesis or a stage that was not entered, and has then changed nothing.
 */
export function absorb(state: JudgeState, batch: StratumBatch): void {
  requireCounts('counts', batch.counts);
  const hypothesis = hypothesisOf(state, batch.hypothesis);
  requireEntered(state, batch.stage);
  requireCarried(batch);
  requireRoom(hypothesis, batch);
  addTotals(hypothesis, batch);
  const fresh = freshOf(batch);
  addToRatio((hypothesis.ratios[String(batch.stage)] ??= emptyRatioCounts()), batch.counts);
  addToRatio((hypothesis.ratios[ALL_STAGES] ??= emptyRatioCounts()), fresh);
  const harmNull = harmNullAt(hypothesis, batch.stage);
  for (const start of hypothesis.starts) {
    if (start.stage > batch.stage) continue;
    const counts = start.stage < batch.stage ? fresh : batch.counts;
    multiplyBatch(start.process, HARM_MIXTURE, { counts, null: harmNull });
  }
  const process = hypothesis.nonInferiority;
  const isHealth = batch.stage === state.stage && batch.harmOnly !== true;
  if (process !== null && isHealth) {
    multiplyBatch(process, NON_INFERIORITY_MIXTURE, { counts: batch.counts, null: process.null });
  }
}

export interface AssignmentBatch {
  readonly stage: number;
  readonly stratum: string;
  /** The share of these units that was to be treated, between 0 and 1. */
  readonly expectedTreatmentShare: number;
  /** Units first assigned in this batch. */
  readonly treatment: number;
  readonly control: number;
}

/** Takes in first assignments for the check of the sample ratio. A share of 0 or 1 has nothing to check. */
export function absorbAssignments(state: JudgeState, batch: AssignmentBatch): void {
  requireCount('stage', batch.stage);
  requireCount('treatment', batch.treatment);
  requireCount('control', batch.control);
  const share = batch.expectedTreatmentShare;
  if (!(share >= 0 && share <= 1)) {
    throw new JudgeInputError(
      'share_out_of_range',
      'expectedTreatmentShare',
      `expectedTreatmentShare is ${share}; 0 to 1 is accepted`,
    );
  }
  if (share === 0 || share === 1) return;
  const key = `${batch.stage}|${batch.stratum}|${share}`;
  const counts = (state.assignments[key] ??= {
    stage: batch.stage,
    stratum: batch.stratum,
    share,
    treatment: 0,
    control: 0,
  });
  requireCount('treatment', counts.treatment + batch.treatment);
  requireCount('control', counts.control + batch.control);
  counts.treatment += batch.treatment;
  counts.control += batch.control;
}

function hypothesisOf(state: JudgeState, id: string): HypothesisState {
  const found = state.hypotheses.find((hypothesis) => hypothesis.id === id);
  if (found !== undefined) return found;
  throw new JudgeInputError(
    'hypothesis_unknown',
    'hypothesis',
    `hypothesis «${id}» is not judged; one of ${state.hypotheses.map((each) => each.id).join(', ')} is accepted`,
  );
}

function requireCarried({ carried, counts: { treatment } }: StratumBatch): void {
  if (carried === undefined) return;
  requireArm('carried', carried);
  const others = treatment.units - carried.units;
  const badOthers = treatment.bad - carried.bad;
  if (others >= 0 && badOthers >= 0 && badOthers <= others) return;
  throw new JudgeInputError(
    'carried_not_in_treatment',
    'carried',
    `carried is ${carried.bad} of ${carried.units}; a part of treatment's ${treatment.bad} of ${treatment.units} is accepted`,
  );
}

/** The batch without the units that were in treatment before. */
function freshOf({ counts, carried }: StratumBatch): BatchCounts {
  if (carried === undefined || carried.units === 0) return counts;
  const { treatment, control } = counts;
  const units = treatment.units - carried.units;
  return { treatment: { units, bad: treatment.bad - carried.bad }, control };
}

function requireEntered(state: JudgeState, stage: number): void {
  if (Number.isSafeInteger(stage) && stage >= 0 && stage <= state.stage) return;
  throw new JudgeInputError(
    'stage_not_entered',
    'stage',
    `stage is ${stage}; ${state.stage < 0 ? 'none was entered yet' : `0 to ${state.stage} is accepted`}`,
  );
}

/** Sums stay exact: a double holds whole numbers up to 2^53 - 1. */
function requireRoom(hypothesis: HypothesisState, { stage, stratum, counts }: StratumBatch): void {
  const totals = hypothesis.totals[`${stage}|${stratum}`] ?? [0, 0, 0, 0];
  requireCount('counts.treatment.units', totals[0] + counts.treatment.units);
  requireCount('counts.control.units', totals[2] + counts.control.units);
}

function addTotals(hypothesis: HypothesisState, batch: StratumBatch): void {
  const { treatment, control } = batch.counts;
  const totals = (hypothesis.totals[`${batch.stage}|${batch.stratum}`] ??= [0, 0, 0, 0]);
  totals[0] += treatment.units;
  totals[1] += treatment.bad;
  totals[2] += control.units;
  totals[3] += control.bad;
}
