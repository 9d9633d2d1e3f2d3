import { HARM_MIXTURE } from '../betting/mixtures.ts';
import { type LimitBatch, logLimitFactor, requireLimitBatch } from '../limit/log-limit-factor.ts';
import { absorbStep, type Detector } from './detector.ts';

/**
 * Watches a rate against a limit that is given with each batch, such as what the same hour of earlier days
 * allows: for features at 100 % without a holdback. The run length holds as far as the limits do; there is
 * no control arm to compare with. A batch without units is skipped. Throws `JudgeInputError`.
 */
export function watchLimit(detector: Detector, batch: LimitBatch): void {
  requireLimitBatch(batch);
  if (batch.units === 0) return;
  absorbStep(detector, {
    logFactors: HARM_MIXTURE.multipliers.map((multiplier) => logLimitFactor(batch, multiplier)),
    expected: batch.units * batch.limit,
  });
}
