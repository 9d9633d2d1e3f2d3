import type { Evaluation } from '../evaluate/types.ts';
import type { Arm, RolloutPhase } from '../snapshot/types.ts';

/** Which step of the evaluation decided. `context`: reading the context threw. */
export type DecidingStage =
  | 'missing'
  | 'capabilities'
  | 'down'
  | 'overrides'
  | 'conflicts'
  | 'requires'
  | 'rules'
  | 'rollout'
  | 'serve'
  | 'context';

/** Whether something held; `unreadable` where reading the context threw, `unknown` to this engine. */
export type Outcome = boolean | 'unreadable' | 'unknown';

/** Everything an evaluation looked at. Plain data: it can be sent and stored as JSON. */
export interface Explanation {
  readonly flag: string;
  readonly project: string;
  readonly environment: string;
  /** The snapshot's. */
  readonly version: number;
  /** `SnapshotFlag.version`. */
  readonly flagVersion?: number;
  readonly decidedBy: DecidingStage;
  readonly evaluation: Evaluation;
  /** Absent for a flag that is missing or that this engine cannot read. */
  readonly details?: ExplanationDetails;
}

export interface ExplanationDetails {
  readonly serve: string;
  readonly safe: string;
  readonly down: boolean;
  /** Looked up in this order, where the flag has overrides. */
  readonly overrides: readonly OverrideExplanation[];
  readonly conflicts: ConflictsExplanation;
  readonly requires: RequiresExplanation;
  readonly rules: readonly RuleExplanation[];
  readonly rollout?: RolloutExplanation;
}

/** A unit as the context gave it. */
export interface UnitExplanation {
  readonly attribute: string;
  /** The unit's text; absent if there is none. */
  readonly value?: string;
  readonly unreadable: boolean;
}

export interface OverrideExplanation {
  readonly unit: UnitExplanation;
  readonly unitHash?: string;
  /** The variant of the unit's override; absent if it has none. */
  readonly variant?: string;
}

export interface ConflictsExplanation {
  /** Whether this flag could leave safe for this context. */
  readonly own: Outcome;
  readonly others: readonly { readonly flag: string; readonly couldLeaveSafe: Outcome }[];
}

export interface RequiresExplanation {
  /** Why no context can meet them. */
  readonly problem?: string;
  readonly flags: readonly RequirementExplanation[];
}

export interface RequirementExplanation {
  readonly flag: string;
  readonly variant: string;
  /** The variant that the required flag serves to this context. */
  readonly served?: string;
  readonly decidedBy: DecidingStage;
  readonly met: Outcome;
}

export interface RuleExplanation {
  readonly name: string;
  /** False where an earlier rule had decided; the outcome is shown all the same. */
  readonly reached: boolean;
  readonly outcome: Outcome;
  readonly condition: ConditionExplanation;
  readonly serve?: string;
  readonly split?: SplitExplanation;
}

export interface SplitExplanation extends BucketExplanation {
  readonly weights: readonly (readonly [variant: string, weight: number])[];
  /** floor(hash * total weight / 2^32). */
  readonly position?: number;
  readonly variant?: string;
}

/** Where a unit's hash lies. Without a unit there is no hash and no bucket. */
export interface BucketExplanation {
  readonly unit: UnitExplanation;
  readonly salt: string;
  /** Murmur3 of salt and unit. */
  readonly hash?: number;
  /** Of a million. */
  readonly bucket?: number;
}

export interface RolloutExplanation extends BucketExplanation {
  readonly id: string;
  readonly attempt: number;
  readonly phase: RolloutPhase;
  readonly stage: number;
  readonly to: string;
  readonly control: string;
  readonly allocations: readonly AllocationExplanation[];
  /** The stratum, and the arm within it; absent if the unit is outside both arms. */
  readonly allocation?: number;
  readonly arm?: Arm;
}

export interface AllocationExplanation {
  readonly sharePerMillion: number;
  readonly audience?: ConditionExplanation;
  readonly outcome: Outcome;
  readonly withinShare: boolean;
}

export interface ConditionExplanation {
  /** The condition in words. */
  readonly text: string;
  readonly outcome: Outcome;
  /** The attribute's value, for conditions on one. */
  readonly seen?: string;
  /** Why a segment is false for everyone. */
  readonly problem?: string;
  readonly inner: readonly ConditionExplanation[];
}
