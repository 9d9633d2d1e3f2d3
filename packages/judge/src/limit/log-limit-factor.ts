import { requireCount, requireShare } from '../error/require.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';

/** Units of one batch, those with a bad outcome, and the rate that is allowed at this time. */
export interface LimitBatch {
  readonly units: number;
  readonly bad: number;
  /** Largest share of bad outcomes that is still called normal; may differ from batch to batch. */
  readonly limit: number;
}

/** Throws `JudgeInputError` unless 0 <= bad <= units and 0 < limit <= 1. */
export function requireLimitBatch(batch: LimitBatch): void {
  requireCount('units', batch.units);
  requireCount('bad', batch.bad);
  requireShare('limit', batch.limit);
  if (batch.bad <= batch.units && batch.limit > 0) return;
  throw batch.limit > 0
    ? new JudgeInputError(
        'more_bad_than_units',
        'bad',
        `bad is ${batch.bad} of ${batch.units} units; at most as many as there are is accepted`,
      )
    : new JudgeInputError('limit_is_zero', 'limit', 'limit is 0; a rate above 0 is accepted');
}

/**
 * ln e of one batch against "the rate is at most the limit", betting on `multiplier` times the limit:
 * x ln m - n limit (m - 1). Its expectation is at most exp(n (m - 1) (p - limit)) for outcomes in [0, 1]
 * with mean p, by m^x <= 1 + (m - 1) x: so at most 1 under the null, without any assumption on counts.
 */
export function logLimitFactor({ units, bad, limit }: LimitBatch, multiplier: number): number {
  return bad * Math.log(multiplier) - units * limit * (multiplier - 1);
}
