/** Log evidence and the limit ln(1 / alpha) from which it counts as shown. */
export interface LogEvidence {
  readonly logE: number;
  readonly limit: number;
}

/** The four questions that decide whose fault a worsening is. */
export interface AttributionEvidence {
  /** Treatment fails more than control does (the harm of the guardrails). */
  readonly treatmentAboveControl: LogEvidence;
  /** Control fails more than the baseline before the rollout allows. */
  readonly controlAboveBaseline: LogEvidence;
  /** Treatment fails more than the baseline allows. */
  readonly treatmentAboveBaseline: LogEvidence;
  /** The rate of the whole service moves with the share. */
  readonly serviceWithShare: LogEvidence;
  /** The share changed so recently that the last question is still open. */
  readonly shareUndecided: boolean;
}

export interface Attribution {
  /**
   * `feature`: only those who have it suffer. `shared`: it hurts those who do not have it as well, through
   * what all of them use. `service`: something else hurts everybody. Null: nothing is shown to be worse, or
   * it is too early to tell the last two apart.
   */
  readonly attribution: 'feature' | 'service' | 'shared' | null;
  /** What the rule suggests; a rollback is never withheld because of it. */
  readonly suggests: 'rollback' | 'holdAndAlert' | 'nothing';
  /** Which line of the rule decided. */
  readonly because:
    | 'control_worse_and_moves_with_share'
    | 'treatment_worse_than_control'
    | 'control_worse_with_treatment'
    | 'control_worse_share_undecided'
    | 'nothing_shown';
  /** Also control is worse than before the rollout. */
  readonly controlWorse: boolean;
}

/**
 * The first line that holds:
 * 1. control is above the baseline and the service's rate moves with the share: `shared`;
 * 2. treatment is above control: `feature`;
 * 3. control is above the baseline, and treatment is not shown to be above control: `service`, once the batches
 *    around the last change of the share are compared; until then it is left open, and held;
 * 4. nothing.
 *
 * Line 2 comes before 3, so an incident of the service never keeps a feature up that fails more than its
 * control. Line 3 does not ask that treatment is above the baseline too: at a share of 1 % it has too few
 * units to show it, and it is not worse than control. An incident of the service that happens to begin
 * within minutes after a raise looks like `shared`: then a healthy feature goes down, the cheaper mistake.
 * Damage through shared resources that grows slowly looks like `service` until the share is lowered.
 */
export function attribute(evidence: AttributionEvidence): Attribution {
  const controlWorse = isShown(evidence.controlAboveBaseline);
  if (controlWorse && isShown(evidence.serviceWithShare)) {
    return {
      attribution: 'shared',
      suggests: 'rollback',
      because: 'control_worse_and_moves_with_share',
      controlWorse,
    };
  }
  if (isShown(evidence.treatmentAboveControl)) {
    return {
      attribution: 'feature',
      suggests: 'rollback',
      because: 'treatment_worse_than_control',
      controlWorse,
    };
  }
  if (controlWorse && evidence.shareUndecided) {
    return {
      attribution: null,
      suggests: 'holdAndAlert',
      because: 'control_worse_share_undecided',
      controlWorse,
    };
  }
  if (controlWorse) {
    return {
      attribution: 'service',
      suggests: 'holdAndAlert',
      because: 'control_worse_with_treatment',
      controlWorse,
    };
  }
  return { attribution: null, suggests: 'nothing', because: 'nothing_shown', controlWorse };
}

function isShown({ logE, limit }: LogEvidence): boolean {
  return logE >= limit;
}
