import type { Allocation } from '@downhaul/engine';
import type { MeanFigures, Null } from '@downhaul/judge';
import type { Plan } from '../plan/types.ts';

/**
 * `measuring`: baseline, share zero. `running`: a stage is served and may advance. `held`: served,
 * goes on by itself when the cause is gone. `paused`: served as it was, needs a person. `rolledBack`:
 * share zero. `completed`: target at 100 % less the holdback, watched. `ended`: replaced or watch over.
 * The transition table stands in SPEC.md beside this file and in `transitions.ts`.
 */
export type RolloutStatus =
  'measuring' | 'running' | 'held' | 'paused' | 'rolledBack' | 'completed' | 'ended';

export interface RolloutState {
  /** `project/environment/flag#attempt`. */
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
  readonly attempt: number;
  readonly plan: Plan;
  readonly to: string;
  readonly control: string;
  readonly salt: string;
  readonly status: RolloutStatus;
  /** Index of the stage served now or last; -1 while measuring. */
  readonly stage: number;
  readonly allocations: readonly Allocation[];
  readonly peak: readonly Allocation[];
  readonly startedAtMs: number;
  readonly stageEnteredAtMs: number;
  readonly statusSinceMs: number;
  /** Why held, paused, rolled back or completed. */
  readonly cause?: Cause;
  /** Figures frozen when the present stage was entered. */
  readonly frozen?: FrozenFigures;
  /** Snapshot version (log position) that began the present status or stage. */
  readonly version: number;
  readonly startedBy: string;
  /** True where the plan has no guardrails: it advances by bake alone and says so. */
  readonly unguarded: boolean;
}

/** A stable code and one plain sentence. */
export interface Cause {
  readonly code: string;
  readonly text: string;
}

/** Set when a stage is entered and not changed while it lasts (architecture: «How the figures relate»). */
export interface FrozenFigures {
  /** Treatment units that the NEXT stage exposes within `reactionTime`, from the traffic before. */
  readonly nextStageUnits: number;
  readonly hypotheses: Readonly<Record<string, FrozenHypothesis>>;
}

/** Of a mean: its mean in the metric's unit for the rate, and the 99 % bound on the side that is worse. */
export interface FrozenHypothesis {
  readonly baselineRate: number;
  readonly baselineUnits: number;
  /** 99 % upper bound of the baseline's rate. */
  readonly baselineUpper: number;
  readonly harmNull: Null;
  readonly nonInferiorityNull: Null;
  /** Means only, in place of both nulls: what holds for harm, and at the margin of the next stage. */
  readonly mean?: { readonly harm: MeanFigures; readonly nonInferiority: MeanFigures };
  /** nextStageUnits x (relative x baseline rate + excess): tolerated bad outcomes of the next stage. */
  readonly harmBound: number;
  /** Latency only: a unit is slow when its slowest request falls in a bucket above this one. */
  readonly latencyBucket?: number;
  readonly latencyThresholdMs?: number;
  readonly quantileUsed?: number;
}
