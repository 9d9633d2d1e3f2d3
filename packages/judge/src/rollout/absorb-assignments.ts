import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireCount } from '../error/require.ts';
import type { JudgeState } from './types.ts';

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
