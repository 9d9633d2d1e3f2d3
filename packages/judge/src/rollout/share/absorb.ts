import { HARM_MIXTURE, STEP_UP_MIXTURE } from '../../betting/mixtures.ts';
import { multiplyBatch } from '../../betting/process.ts';
import type { ArmCounts, BatchCounts } from '../../betting/types.ts';
import { JudgeInputError } from '../../error/judge-input-error.ts';
import { requireArm, requireCount, requireCounts } from '../../error/require.ts';
import { type BatchPlace, placeOf } from '../batch-place.ts';
import { addQuad } from '../quad-totals.ts';
import { addToRatio, ALL_STAGES, emptyRatioCounts } from '../ratio-counts.ts';
import type { JudgeState, Quad } from '../types.ts';
import { addToFrequent } from './frequent.ts';
import { harmNullAt } from './share-kind.ts';

export interface StratumBatch extends BatchPlace {
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
}

/**
 * Takes in one closed batch of one stratum of a share. Harm: every start at or before the units' stage.
 * Non-inferiority: only units of the present stage, unless `harmOnly`. Throws `JudgeInputError` for
 * impossible counts, a hypothesis that is unknown or of another kind, or a stage that was not entered, and
 * has then changed nothing.
 */
export function absorb(state: JudgeState, batch: StratumBatch): void {
  requireCounts('counts', batch.counts);
  requireCarried(batch);
  const own = placeOf(state, batch, 'share');
  const { stage } = batch;
  const { treatment, control } = batch.counts;
  const key = `${stage}|${batch.stratum}`;
  requireRoom(own.totals[key], batch.counts);
  addQuad(own.totals, key, [treatment.units, treatment.bad, control.units, control.bad]);
  const fresh = freshOf(batch);
  addToRatio((own.ratios[String(stage)] ??= emptyRatioCounts()), batch.counts);
  addToRatio((own.ratios[ALL_STAGES] ??= emptyRatioCounts()), fresh);
  const harmNull = harmNullAt(own, stage);
  for (const start of own.starts) {
    if (start.stage > stage) continue;
    const counts = start.stage < stage ? fresh : batch.counts;
    multiplyBatch(start.process, HARM_MIXTURE, { counts, null: harmNull });
    if (start.process.frequent) addToFrequent(start.process.frequent, key, counts);
  }
  const process = own.nonInferiority;
  const isHealth = stage === state.stage && batch.harmOnly !== true;
  if (process !== null && isHealth) {
    multiplyBatch(process, STEP_UP_MIXTURE, { counts: batch.counts, null: process.null });
    if (process.frequent) addToFrequent(process.frequent, key, batch.counts);
  }
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

/** Sums stay exact: a double holds whole numbers up to 2^53 - 1. */
function requireRoom(sums: Quad | undefined, counts: BatchCounts): void {
  if (sums === undefined) return;
  requireCount('counts.treatment.units', sums[0] + counts.treatment.units);
  requireCount('counts.control.units', sums[2] + counts.control.units);
}
