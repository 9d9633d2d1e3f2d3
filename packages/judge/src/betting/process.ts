import { logFactor, type Null } from './bet.ts';
import { logWeightsOf } from './mixtures.ts';
import { logWeightedSum } from '../special/log-sum-exp.ts';
import { requireShare, requireCounts, requireNull } from '../error/require.ts';
import { rareSide, type Side, toldInGood } from './rare-side.ts';
import type { BatchCounts, Mixture } from './types.ts';

/** Units' worth of belief in the historical rate when the control rate is predicted. */
const PRIOR_UNITS = 200;

/**
 * An e-process against one null: evidence that may be looked at after every batch. Plain data; copy it
 * by JSON and it goes on bit for bit.
 */
export interface EProcess {
  null: Null;
  /** Historical rate of bad outcomes, p0. */
  baselineRate: number;
  /** Control units and bad outcomes absorbed so far; the past that bets may use. */
  control: { units: number; bad: number };
  /** Natural logarithm of each alternative's e-value. */
  logCells: number[];
}

/** A process without evidence (e = 1 in every cell). */
export function createProcess(
  nullHypothesis: Null,
  baselineRate: number,
  mixture: Mixture,
): EProcess {
  requireNull('null', nullHypothesis);
  requireShare('baselineRate', baselineRate);
  return {
    null: nullHypothesis,
    baselineRate,
    control: { units: 0, bad: 0 },
    logCells: logWeightsOf(mixture).map(() => 0),
  };
}

/**
 * Multiplies one closed batch in. A batch with an empty arm says nothing about the difference and is
 * skipped; merging it into a later one would mix two times of day.
 */
export function absorbBatch(process: EProcess, mixture: Mixture, counts: BatchCounts): void {
  requireCounts('counts', counts);
  multiplyBatch(process, mixture, { counts, null: process.null });
}

/**
 * The same for counts that were checked before, against a null of this batch's own: a product of
 * factors that are each valid under their null is valid where all of them hold (a latency threshold
 * that is frozen anew at each stage needs this).
 */
export function multiplyBatch(
  process: EProcess,
  mixture: Mixture,
  batch: { readonly counts: BatchCounts; readonly null: Null },
): void {
  const { counts } = batch;
  const { treatment, control } = counts;
  if (treatment.units === 0 || control.units === 0) return;
  const side = rareSide(batch.null, predictedControlRate(process));
  const told = side.isGood ? toldInGood(counts) : counts;
  const noEffect = noEffectMultiplier(side);
  for (let cell = 0; cell < process.logCells.length; cell += 1) {
    const multiple = mixture.multipliers[cell];
    const multiplier = multiple === undefined ? noEffect : side.isGood ? 1 / multiple : multiple;
    if (multiplier === undefined) continue;
    const input = { null: side.null, multiplier, controlRate: side.controlRate };
    process.logCells[cell] = (process.logCells[cell] ?? 0) + logFactor(told, input);
  }
  process.control.units += control.units;
  process.control.bad += control.bad;
}

/**
 * Where «no effect» lies relative to the null, in the outcomes that are told; undefined where the null is
 * not on its far side, so that nothing can be bet on.
 */
function noEffectMultiplier({ null: claim, controlRate, isGood }: Side): number | undefined {
  const multiplier = controlRate / (claim.ratio * controlRate + claim.excess);
  const isBeyond = isGood ? multiplier > 1 : multiplier < 1;
  return isBeyond && multiplier > 0 && Number.isFinite(multiplier) ? multiplier : undefined;
}

/** Natural logarithm of the mixture's e-value. */
export function logE({ logCells }: Pick<EProcess, 'logCells'>, mixture: Mixture): number {
  return logWeightedSum(logCells, logWeightsOf(mixture));
}

/** L of docs/judge.md: the past control rate, drawn towards the historical one. */
function predictedControlRate(process: EProcess): number {
  const { units, bad } = process.control;
  return (bad + PRIOR_UNITS * process.baselineRate) / (units + PRIOR_UNITS);
}
