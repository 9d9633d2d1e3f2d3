import type { JudgeState, Moments } from '@downhaul/judge';
import type { Plan } from '../../plan/types.ts';
import type { RolloutState } from '../../rollout/types.ts';
import type { CountedState } from '../counted/state.ts';
import type { RolloutContext } from '../context/types.ts';
import type { ExcludedSource } from '../../rollout/excluded-source.ts';
import type { Cohort } from './cohort.ts';
import type { HistoryEntry } from './history.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { Readings } from './readings.ts';
import type { Surplus } from './surplus-units.ts';
import type { SyntheticUnits } from './synthetic-units.ts';
import type { SliceDimension } from './slice-dimension.ts';

/** Everything that telemetry knows of one rollout. A pure fold of the intake, changed in place. */
export interface RolloutTelemetry {
  readonly id: string;
  readonly environmentKey: string;
  /** As the last `rolloutChanged` row had it. */
  rollout: RolloutState;
  /** The plan of the start: batches, horizons and metrics stay, whatever is tightened later. */
  readonly plan: Plan;
  readonly hypotheses: readonly Hypothesis[];
  /** When units are counted, ascending. */
  readonly horizonsMs: readonly number[];
  /** How outcomes are kept, by the name that they carry. */
  readonly readings: Readings;
  /** The metrics whose outcomes are kept, and the number by which units' outcomes name each. */
  readonly metrics: ReadonlyMap<string, number>;
  /** One entry per change of stage or shares, pause or resume; the oldest first. */
  readonly history: HistoryEntry[];
  /** Log position of the last change folded in. */
  throughPosition: number;
  /** Services that the flag affects, as the last change said. */
  affects: readonly string[];
  /** Sources that do not count, as the last change said; absent: none ever. */
  excluded?: readonly ExcludedSource[];
  /** Who told of bad outcomes of the stages; absent: nobody yet. */
  harmTold?: HarmTold;
  /** Services that told of the baseline's units. */
  readonly baselineServices: string[];
  /** Codes of pauses of the present stage that a person answered by resuming. */
  answered: string[];
  /** When a person last resumed in the present stage. */
  resumedAtMs?: number;
  readonly cohorts: Map<number, Cohort>;
  /** What the plan tells apart, in its order, and the values seen of it. */
  readonly dimensions: readonly SliceDimension[];
  /** The batch that will close next; batches below it are closed for ever. */
  openBatch: number;
  closedBatches: number;
  /** End of the last closed batch. */
  closedThroughMs: number;
  /** Closed units of the window before the first stage. */
  readonly baseline: ClosedCounts;
  /** Closed units of the control arm in all stages: for horizons longer than the baseline's window. */
  readonly control: ClosedCounts;
  /** The last closed batches, the newest last. */
  readonly recent: ClosedBatch[];
  /** How the control arm's rate varied from batch to batch, by hypothesis. */
  readonly spread: Map<string, Spread>;
  /** Funnels step by step, by hypothesis and stage. */
  readonly funnels: FunnelCounts[];
  /** Hypotheses whose rate over all units was above what its baseline allows, in three batches. */
  readonly left: Set<string>;
  /** Signs of life of each arm in the present stage: exposures, repeated evaluations and outcomes. */
  heard: Heard;
  /** Outcomes of each arm alone: the sign that requests are measured, where latency is judged. */
  outcomesHeard: Heard;
  /** The last use of treatment by each instance, by `instanceKey` or `senderKey`. */
  readonly treatmentUse: Map<string, TreatmentUse>;
  /** What is counted by request. */
  readonly counted: CountedState;
  judge: JudgeState;
  /** What a verdict needs beside treatment against control. */
  readonly context: RolloutContext;
  /** Units are measured when the first 32 bits of their hash are below 2^(32 - slice). */
  slice: number;
  /** Units beyond the slice that are judged with their value alone. */
  readonly surplus: Surplus;
  readonly dropped: DroppedItems;
  /** Measured apart, in no figure of the judge. */
  readonly synthetic: SyntheticUnits;
}

export interface Heard {
  readonly stage: number;
  /** When last, store clock. */
  readonly lastAtMs: { control: number; treatment: number };
  readonly signs: { control: number; treatment: number };
}

export interface TreatmentUse {
  atMs: number;
  /** Sequence of the newest report that told of a use, and the run of the instance that it is of. */
  sequence: number;
  run?: number;
}

/** Items that were received and count nowhere, by cause. */
export interface DroppedItems {
  /** An arm that the named version did not have, or had at share zero. */
  impossibleArm: number;
  /** A stage that is over for good, or not the version's. */
  closedStage: number;
  /** Outcomes that came after their unit's last horizon had closed. */
  lateOutcomes: number;
  /** Units that a raised share moved out of treatment. */
  movedOut: number;
}

export interface ClosedCounts {
  /** By hypothesis; none for latency, whose threshold is not known before. */
  readonly rates: Map<string, UnitCounts>;
  /** By `metric@horizon`: how many units had their largest value in each bucket. */
  readonly latency: Map<string, number[]>;
  /** By hypothesis that judges a mean: the figures of all units. */
  readonly means: Map<string, Moments>;
}

export interface UnitCounts {
  units: number;
  bad: number;
}

export interface ClosedBatch {
  readonly batch: number;
  readonly endMs: number;
  /** Whose reports were missing when it was closed; complete without any, if anybody reported. */
  readonly missing: readonly string[];
  readonly complete: boolean;
  readonly cells: readonly BatchCell[];
  /** The same of means. */
  readonly means: readonly MeanCell[];
}

/** What a batch added to one hypothesis in one stage, all strata together. */
export interface BatchCell {
  readonly stage: number;
  readonly hypothesis: string;
  readonly treatment: UnitCounts;
  readonly control: UnitCounts;
}

/** What a batch added to one mean in one stage, all strata together. */
export interface MeanCell {
  readonly stage: number;
  readonly hypothesis: string;
  readonly treatment: Moments;
  readonly control: Moments;
}

/** How many units of each arm took the first step of a funnel, the first two, and so on. */
export interface StepCounts {
  readonly control: number[];
  readonly treatment: number[];
}

/** A funnel step by step, over all units that a stage has counted. For display: judged is the last step. */
export interface FunnelCounts {
  readonly hypothesis: string;
  readonly stage: number;
  readonly units: { control: number; treatment: number };
  readonly reached: StepCounts;
}

export interface Spread {
  batches: number;
  rateSum: number;
  rateSquareSum: number;
  /** Sum of 1 / units: what chance alone adds to the squares. */
  inverseUnitSum: number;
}

/** First assignments of a batch that were drawn with one and the same probability of treatment. */
export interface AssignmentTally {
  readonly stage: number;
  readonly allocation: number;
  /** Probability of treatment, given what was known of the unit before; strictly between 0 and 1. */
  readonly share: number;
  treatment: number;
  control: number;
}

/**
 * Who told of a rollout's harm. Bad outcomes wait beside their units until a batch counts those: what is named
 * is what is judged, in whatever order outcomes and exposures came.
 */
export interface HarmTold {
  /** By metric and source. */
  readonly counts: Record<string, ToldCount>;
  readonly waiting: Record<string, WaitingOutcome[]>;
  waitingUnits: number;
}

/** Bad units of the stages, each once per stage, or bad requests where units are not known. */
interface ToldCount extends HarmTeller {
  readonly metric: string;
  control: number;
  treatment: number;
}

export interface HarmTeller {
  readonly service: string;
  /** `instanceKey` or `senderKey`; absent: all of the service. */
  readonly instance?: string | undefined;
}

/** A bad outcome of a unit, and the key of the instance that told it; empty: not known any more. */
export type WaitingOutcome = [metric: string, atMs: number, service: string, instance: string];
