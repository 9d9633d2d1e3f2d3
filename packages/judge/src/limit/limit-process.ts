import { HARM_MIXTURE, logWeightsOf } from '../betting/mixtures.ts';
import { logSumExp } from '../special/log-sum-exp.ts';
import { type LimitBatch, logLimitFactor, requireLimitBatch } from './log-limit-factor.ts';

/**
 * An e-process against "the rate is at most a limit", for a worsening that may begin at any opened start.
 * Start j has the weight 1 / (j (j + 1)), all of them 1; so one sum per alternative is all the state.
 */
export interface LimitProcess {
  /** Starts opened so far; the first one with the process. */
  starts: number;
  /** Per alternative, ln of the weighted sum of the e-values of all starts. */
  readonly logCells: number[];
}

export function createLimitProcess(): LimitProcess {
  return { starts: 1, logCells: HARM_MIXTURE.multipliers.map(() => Math.log(0.5)) };
}

/** Opens a start at the next batch: at every stage, and every hour or so of a long one. */
export function openStart(process: LimitProcess): void {
  process.starts += 1;
  const weight = Math.log(1 / (process.starts * (process.starts + 1)));
  process.logCells.forEach((cell, index) => {
    process.logCells[index] = logSumExp([cell, weight]);
  });
}

/** Multiplies a closed batch in. Throws `JudgeInputError`, and then changes nothing. */
export function absorbAgainstLimit(process: LimitProcess, batch: LimitBatch): void {
  requireLimitBatch(batch);
  const { multipliers } = HARM_MIXTURE;
  for (let cell = 0; cell < multipliers.length; cell += 1) {
    const factor = logLimitFactor(batch, multipliers[cell] ?? 1);
    process.logCells[cell] = (process.logCells[cell] ?? 0) + factor;
  }
}

/** Natural logarithm of the e-value; the limit is exceeded, at level alpha, once it reaches ln(1 / alpha). */
export function limitLogE({ starts, logCells }: LimitProcess): number {
  const logWeights = logWeightsOf(HARM_MIXTURE);
  const terms: number[] = [];
  for (let cell = 0; cell < logCells.length; cell += 1) {
    terms.push((logCells[cell] ?? 0) + (logWeights[cell] ?? -Infinity));
  }
  terms.push(-Math.log(starts + 1));
  return logSumExp(terms);
}

/**
 * False only where `limitLogE` is below a limit for sure: the weights sum to 1, so the e-value is at most the
 * largest cell and what has not started together. Costs a few comparisons.
 */
export function mayReachLimit({ starts, logCells }: LimitProcess, limit: number): boolean {
  let largest = -Math.log(starts + 1);
  for (const cell of logCells) if (!(cell <= largest)) largest = cell;
  return !(largest + Math.LN2 < limit);
}
