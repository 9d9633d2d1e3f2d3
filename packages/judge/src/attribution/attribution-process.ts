import type { ArmCounts, BatchCounts } from '../betting/types.ts';
import { requireAlpha, requireCounts, requireShare } from '../error/require.ts';
import {
  absorbAgainstLimit,
  createLimitProcess,
  limitLogE,
  type LimitProcess,
  openStart,
} from '../limit/limit-process.ts';
import { requireLimitBatch } from '../limit/log-limit-factor.ts';
import {
  attribute,
  type Attribution,
  type AttributionEvidence,
  type LogEvidence,
} from './attribute.ts';
import {
  absorbService,
  isComparing,
  createShareProcess,
  shareLogE,
  type ShareProcess,
} from './share-process.ts';

/** Everything the attribution of one metric of one rollout remembers: bounded, plain data. */
export interface AttributionProcess {
  readonly control: LimitProcess;
  readonly treatment: LimitProcess;
  readonly service: ShareProcess;
}

/** One closed batch of a metric. */
export interface AttributionBatch {
  /** The share of treatment in force. */
  readonly share: number;
  readonly counts: BatchCounts;
  /** Units outside both arms, such as those a rule decides for; they belong to the service. */
  readonly outside?: ArmCounts;
  /** The rate that the baseline allows at this time of day (`baselineLimit`). */
  readonly limit: number;
}

/** `tolerance` as in `createShareProcess`. Throws `JudgeInputError`. */
export function createAttribution(tolerance: number): AttributionProcess {
  return {
    control: createLimitProcess(),
    treatment: createLimitProcess(),
    service: createShareProcess(tolerance),
  };
}

/** Takes a closed batch in. Batches of before the rollout have share 0. Throws `JudgeInputError`. */
export function absorbAttribution(process: AttributionProcess, batch: AttributionBatch): void {
  const { counts, share, limit } = batch;
  const outside = batch.outside ?? { units: 0, bad: 0 };
  requireCounts('counts', counts);
  requireCounts('outside', { treatment: outside, control: outside });
  requireShare('share', share);
  requireLimitBatch({ ...counts.control, limit });
  const { treatment, control } = counts;
  const began = share !== process.service.share;
  absorbService(process.service, {
    share,
    limit,
    units: treatment.units + control.units + outside.units,
    bad: treatment.bad + control.bad + outside.bad,
  });
  for (const [arm, limitProcess] of [
    [treatment, process.treatment],
    [control, process.control],
  ] as const) {
    if (began) openStart(limitProcess);
    if (share > 0 && arm.units > 0) absorbAgainstLimit(limitProcess, { ...arm, limit });
  }
}

/** A later start for long stages, to be opened every hour or so: a worsening is then found sooner. */
export function openAttributionStart(process: AttributionProcess): void {
  openStart(process.control);
  openStart(process.treatment);
}

/** Whose fault it is, given the harm evidence of the guardrail. `alpha` is for each of the other claims. */
export function assessAttribution(
  process: AttributionProcess,
  treatmentAboveControl: LogEvidence,
  alpha: number,
): Attribution & { readonly evidence: AttributionEvidence } {
  requireAlpha('alpha', alpha);
  const limit = -Math.log(alpha);
  const evidence: AttributionEvidence = {
    treatmentAboveControl,
    controlAboveBaseline: { logE: limitLogE(process.control), limit },
    treatmentAboveBaseline: { logE: limitLogE(process.treatment), limit },
    serviceWithShare: { logE: shareLogE(process.service), limit },
    shareUndecided: isComparing(process.service),
  };
  return { ...attribute(evidence), evidence };
}
