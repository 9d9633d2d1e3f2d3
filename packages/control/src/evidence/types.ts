import type { Arm } from '@downhaul/engine';
import type {
  Assessment,
  Attribution,
  DimensionalSrm,
  LogEvidence,
  TotalsAssessment,
} from '@downhaul/judge';
import type { BudgetPlan } from '../plan/types.ts';
import type { ExcludedSource } from '../rollout/excluded-source.ts';
import type { HarmSource } from './harm-sources.ts';
import type { SourceEvidence } from './sources.ts';
import type { FrozenFigures } from '../rollout/types.ts';
import type { DroppedItems, FunnelCounts } from '../telemetry/rollout/types.ts';
import type { SyntheticEvidence } from './synthetic.ts';
import type { SliceEvidence } from './slices.ts';

/** What the controller sees of one rollout: a pure fold of the intake up to `throughSequence`. */
export interface Evidence {
  readonly rollout: string;
  readonly stage: number;
  /** Last intake sequence number folded in. */
  readonly throughSequence: number;
  /** Log position of the last change of this rollout that is folded in. */
  readonly throughPosition: number;
  readonly judgeVersion: string;
  readonly closedBatches: number;
  /** End of the last closed batch, store clock. */
  readonly closedThroughMs: number;
  readonly assessment: Assessment;
  /**
   * Counts, estimates and bounds by hypothesis and stage, for people: nothing is decided by them. Like
   * `exposed`, `baseline`, `unitsPerSecond`, `nextFigures` and `success` they are computed when they are
   * first read, from the state as it is then.
   */
  readonly totals: readonly TotalsAssessment[];
  readonly freshness: 'fresh' | 'blind:both' | 'blind:treatment' | 'blind:control';
  /** Since when it is blind. */
  readonly blindSinceMs?: number;
  /** Distinct units first exposed in the present stage. */
  readonly units: { readonly treatment: number; readonly control: number };
  /** Metrics that are counted by request; empty where there are none. */
  readonly sources: readonly SourceEvidence[];
  /** True where every guardrail is: distinct units are not known then. */
  readonly byRequest: boolean;
  /** Distinct units by stage and arm, the baseline as stage -1, what came after a rollback as -2. */
  readonly exposed: readonly {
    readonly stage: number;
    readonly treatment: number;
    readonly control: number;
  }[];
  /** Distinct units counted in the baseline, and their bad outcomes per hypothesis. */
  readonly baseline: Readonly<
    Record<
      string,
      {
        readonly units: number;
        readonly bad: number;
        /** Of a mean, in the metric's unit; nothing is bad then. */
        readonly mean?: number;
      }
    >
  >;
  /** Distinct units first seen per second in the present stage, both arms. */
  readonly unitsPerSecond: number;
  /** What would be frozen if the next stage were entered now. */
  readonly nextFigures: FrozenFigures;
  /**
   * Whose reports were missing when the last batch was closed, as `service/instance`, and services of
   * which no instance is left to report. That batch counts for harm and for nothing else.
   */
  readonly late: readonly string[];
  /** Share of the present stage's outcomes that came when a batch thought complete was closed. */
  readonly lateShare: number;
  /** Instances that vanished without goodbye since the stage was entered, and what the baseline leads to expect. */
  readonly lostInstances: {
    readonly names: readonly string[];
    readonly expected: number;
    readonly excess: boolean;
  };
  /** Arms with a share that were not heard of for five batches, whether or not that says anything. */
  readonly quiet: readonly Arm[];
  /** True where batches stopped being closed: the figures are old. */
  readonly stale: boolean;
  /** Codes of pauses of this stage that a person answered by resuming, and when that was last. */
  readonly answered: readonly string[];
  readonly resumedAtMs?: number;
  /** Whose fault a worsening is; absent before the first stage. */
  readonly attribution?: AttributionPart;
  /** Error budgets that the plan's guardrails have. */
  readonly budgets?: readonly BudgetEvidence[];
  /** The watch of a completed rollout. */
  readonly watch?: WatchEvidence;
  /** Present where no unit is in control: a threshold instead of a comparison. */
  readonly wholeStage?: WholeStageEvidence;
  /** What the plan tells apart, value by value; empty where it tells nothing apart. */
  readonly slices: readonly SliceEvidence[];
  /** Present where units are told apart: which of their values raise the alarm of `assessment.srm`. */
  readonly slicedSampleRatio?: DimensionalSrm;
  /** Funnels step by step, by hypothesis and stage. */
  readonly funnels: readonly FunnelCounts[];
  readonly success: readonly SuccessEvidence[];
  /** Traffic that no person made, by stage; part of nothing else here. */
  readonly synthetic: readonly SyntheticEvidence[];
  /** Share of the units that is measured; below 1 above the configured number of units. */
  readonly measuredShare: number;
  readonly dropped: DroppedItems & { readonly secondArm: number };
  /** Who told of bad outcomes, and sources that do not count by a person's word. */
  readonly harmSources?: readonly HarmSource[];
  readonly excluded?: readonly ExcludedSource[];
}

/**
 * The stage in which everyone is treated. There is no control, so no alpha is claimed: it can only hold, roll
 * back or complete by its bake (settled question 1, `docs/decisions/0015`).
 */
export interface WholeStageEvidence {
  readonly batches: number;
  readonly thresholds: readonly WholeThreshold[];
  /** Hypotheses whose rate moved with the raise: rolled back. */
  readonly raised: readonly string[];
  /** Those that have been above their limit in each quarter of the last hour: rolled back. */
  readonly lasting: readonly string[];
  /** Those that are above their limit now: held, since nobody can know why. */
  readonly exceeded: readonly string[];
}

export interface WholeThreshold {
  readonly hypothesis: string;
  /** In the last batches. */
  readonly units: number;
  readonly bad: number;
  /** Largest rate that the margin, an ordinary move since the reference, and chance allow now. */
  readonly limit: number;
  /** Whether the ordinary move is that of earlier days or an assumption. */
  readonly limitFrom: 'earlierDays' | 'assumed';
  readonly reference: {
    readonly units: number;
    readonly bad: number;
    readonly atMs: number;
    readonly of: 'control' | 'baseline';
  };
  readonly exceeded: boolean;
  readonly lasting: boolean;
  /** Evidence that the rate moved with the raise; shown from the limit on. */
  readonly raise?: { readonly logE: number; readonly limit: number };
}

export interface AttributionPart {
  /** Null: nothing is shown to be worse, or it is too early to say why. */
  readonly attribution: 'feature' | 'service' | 'shared' | null;
  readonly hypotheses: readonly AttributedHypothesis[];
}

export interface AttributedHypothesis {
  readonly hypothesis: string;
  readonly attribution: 'feature' | 'service' | 'shared' | null;
  readonly because: Attribution['because'];
  readonly text: string;
  readonly controlAboveBaseline: LogEvidence;
  readonly serviceWithShare: LogEvidence;
  /** Since when it has been shared without a break. */
  readonly sharedSinceMs?: number;
}

export interface BudgetEvidence extends BudgetPlan {
  readonly metric: string;
  readonly services: readonly string[];
  /** `burning`: a pair of windows that calls people fires. `unknown`: too little history to say anything. */
  readonly state: 'left' | 'burning' | 'burnt' | 'unknown';
  /** Of the window so much history is known; its traffic stands for the rest. */
  readonly knownMs: number;
  /** Part of the budget that is spent, above 1 where overspent; null where nobody can say. */
  readonly spent: number | null;
  readonly exhaustedInMs: number | null;
  readonly text: string;
}

export interface WatchEvidence {
  /** An alarm against a holdback rolls back; against limits it tells. */
  readonly against: 'holdback' | 'limit';
  /** Absent: until the flag is archived. */
  readonly endsAtMs?: number;
  readonly over: boolean;
  readonly guardrails: readonly {
    readonly hypothesis: string;
    readonly alarm: boolean;
    readonly logE: number;
    readonly limit: number;
    readonly text: string;
  }[];
  readonly alarms: readonly string[];
}

/** A success criterion at the last stage that has both arms. */
export interface SuccessEvidence {
  readonly metric: string;
  readonly stage: number;
  readonly met: boolean;
  readonly text: string;
}
