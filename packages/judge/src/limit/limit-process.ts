import { HARM_MIXTURE } from '../betting/mixtures.ts';
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
  for (const [cell, multiplier] of HARM_MIXTURE.multipliers.entries()) {
    process.logCells[cell] = (process.logCells[cell] ?? 0) + logLimitFactor(batch, multiplier);
  }
}

/** Natural logarithm of the e-value; the limit is exceeded, at level alpha, once it reaches ln(1 / alpha). */
export function limitLogE({ starts, logCells }: LimitProcess): number {
  const notYetStarted = -Math.log(starts + 1);
  return logSumExp([
    ...logCells.map((cell, index) => cell + Math.log(HARM_MIXTURE.weights[index] ?? 0)),
    notYetStarted,
  ]);
}
