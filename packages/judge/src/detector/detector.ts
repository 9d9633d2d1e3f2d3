import { HARM_MIXTURE } from '../betting/mixtures.ts';
import { requireAtLeast } from '../error/require.ts';
import { logSumExp } from '../special/log-sum-exp.ts';

/**
 * The endless watch: evidence of a change at some time, kept for as long as the feature lives. Evidence
 * that never forgets would raise a false alarm some day; a detector bounds how often instead. Bounded,
 * plain data.
 */
export interface Detector {
  /** Steps between false alarms, on average at least. */
  readonly averageRunLength: number;
  /** Closed steps since the watch began or was reset. */
  steps: number;
  /** Batches absorbed since then. */
  batches: number;
  /** Bad outcomes that the step under way leads to expect; it closes at 1. */
  expected: number;
  readonly cells: DetectorCell[];
}

/** One alternative. */
export interface DetectorCell {
  /** ln(1 + sum of the e-values started at each closed step). */
  logStarts: number;
  /** ln e of the batches of the step under way. */
  logPending: number;
  /** ln of the largest e-value of any start, and the batch where that start was. */
  logLargest: number;
  since: number;
}

/**
 * A watch whose false alarms are at least `averageRunLength` steps apart on average. A step is a batch, or as
 * many as it takes to expect one bad outcome. Throws `JudgeInputError` (`number_out_of_range`).
 */
export function createDetector(averageRunLength: number): Detector {
  requireAtLeast('averageRunLength', averageRunLength, 2);
  return { averageRunLength, steps: 0, batches: 0, expected: 0, cells: emptyCells() };
}

/** Starts the watch anew, after an alarm was answered. */
export function resetDetector(detector: Detector): void {
  detector.steps = 0;
  detector.batches = 0;
  detector.expected = 0;
  detector.cells.splice(0, detector.cells.length, ...emptyCells());
}

/** Evidence of one batch: ln e per alternative, each with expectation at most 1 if nothing changed. */
export interface DetectorBatch {
  readonly logFactors: readonly number[];
  /** Bad outcomes expected if nothing changed; known before the outcomes. */
  readonly expected: number;
}

/**
 * Takes a batch in. Sum of e-processes, one started at every step (Shiryaev and Roberts):
 * M_t = e_t (M_(t-1) + 1), mixed over the alternatives. Source: Shin, Ramdas, Rinaldo, "E-detectors: a
 * nonparametric framework for sequential change detection", 2024. Steps of at least one expected bad
 * outcome keep a watch over rare ones from adding up starts that have seen nothing.
 */
export function absorbStep(detector: Detector, batch: DetectorBatch): void {
  detector.batches += 1;
  detector.expected += batch.expected;
  const closes = detector.expected >= 1;
  for (const [index, cell] of detector.cells.entries()) {
    const factor = batch.logFactors[index] ?? 0;
    cell.logPending += factor;
    cell.logLargest += factor;
    if (cell.logLargest < 0) {
      cell.logLargest = 0;
      cell.since = detector.batches;
    }
    if (!closes) continue;
    cell.logStarts = logSumExp([0, cell.logStarts + cell.logPending]);
    cell.logPending = 0;
  }
  if (!closes) return;
  detector.steps += 1;
  detector.expected = 0;
}

export interface DetectorAssessment {
  readonly alarm: boolean;
  /** ln of the statistic, and ln of the run length at which it is an alarm. */
  readonly logStatistic: number;
  readonly limit: number;
  /** Batches ago that the likeliest change began; null without an alarm. */
  readonly beganBatchesAgo: number | null;
}

/** What the watch says now. Changes nothing. */
export function assessDetector(detector: Detector): DetectorAssessment {
  const weighted = detector.cells.map((cell, index) => {
    const weight = Math.log(HARM_MIXTURE.weights[index] ?? 0);
    return { weight, log: weight + logSum(cell, detector.expected > 0) };
  });
  const logStatistic = logSumExp(weighted.map(({ log }) => log));
  const limit = Math.log(detector.averageRunLength);
  const alarm = logStatistic >= limit;
  return {
    alarm,
    logStatistic,
    limit,
    beganBatchesAgo: alarm ? detector.batches - likeliestSince(detector) : null,
  };
}

/** ln of the sum of the e-values of all starts: at a closed step without the start that is still to come. */
function logSum({ logStarts, logPending }: DetectorCell, open: boolean): number {
  if (open) return logStarts + logPending;
  return logStarts > 0 ? logStarts + Math.log(-Math.expm1(-logStarts)) : -Infinity;
}

function likeliestSince({ cells }: Detector): number {
  let since = 0;
  let largest = -Infinity;
  for (const [index, cell] of cells.entries()) {
    const log = cell.logLargest + Math.log(HARM_MIXTURE.weights[index] ?? 0);
    if (log <= largest) continue;
    largest = log;
    since = cell.since;
  }
  return since;
}

function emptyCells(): DetectorCell[] {
  return HARM_MIXTURE.multipliers.map(() => ({
    logStarts: 0,
    logPending: 0,
    logLargest: 0,
    since: 0,
  }));
}
