import type { Condition } from '@downhaul/engine';
import type { Metric } from '../metric/types.ts';

/** A plan as the domain keeps it: every default filled in, durations in ms, shares per million. */
export interface Plan {
  readonly key: string;
  /** Attribute that identifies the unit of randomization; default `targetingKey`. */
  readonly unit: string;
  /** How long both arms-to-be are measured before the first stage. 0 where nothing needs a baseline. */
  readonly baselineMs: number;
  readonly stages: readonly Stage[];
  /** Metrics that may not get worse by more than their margin: harm rolls back. */
  readonly guardrails: readonly Guardrail[];
  /** The same, but harm pauses. */
  readonly signals: readonly Guardrail[];
  readonly success: readonly SuccessCriterion[];
  /**
   * The definitions of all metrics named above, frozen when the rollout starts; absent in a plan that
   * has not been started, and in rollouts of releases that knew metrics by their names alone.
   */
  readonly metrics?: readonly Metric[];
  /** Units with a bad outcome that the owner tolerates, per guardrail. */
  readonly harmBudget: number;
  readonly reactionTimeMs: number;
  readonly batchMs: number;
  /** Ascending; the shortest is W. */
  readonly horizonsMs: readonly number[];
  readonly holdbackPerMillion: number;
  readonly whenBlind: {
    readonly holdMs: number;
    readonly then: BlindAction;
    readonly treatmentOnly: BlindAction;
  };
  readonly whenStageTooLong: { readonly afterMs: number; readonly then: 'pause' | 'rollback' };
  /** When control worsens too, and with the share; absent: rollback. */
  readonly whenShared?: { readonly then: 'rollback' | 'hold' };
  /** How long a completed rollout is watched; absent: until the flag is archived. */
  readonly watch?: WatchPlan;
  /**
   * What is judged apart, see `slicesOf`. Plans of earlier releases have plain names here, which were
   * kept and not judged; they stay so.
   */
  readonly slices?: readonly (string | SlicePlan)[];
  /** Absent: nothing is asked. */
  readonly rehearsal?: RehearsalDemand;
  readonly alphaHarm: number;
  readonly alphaNonInferiority: number;
  readonly alphaSrm: number;
  /** Proof deadlines: reached, silent, recovered (invariant 6). */
  readonly proof: {
    readonly reachedMs: number;
    readonly silentMs: number;
    readonly recoveredMs: number;
  };
}

/** Units told apart by an attribute of their context, or outcomes by the service that reported them. */
export interface SlicePlan {
  /** Name or path of the attribute; `service` for the reporting service. */
  readonly attribute: string;
  /** Units of each arm before a value is spoken of as not worse; harm needs none. */
  readonly minimumSample: number;
}

/** What has to have been rehearsed before a rollout of the plan may start. */
export interface RehearsalDemand {
  /** False asks for nothing, and keeps the figures for whoever rehearses all the same. */
  readonly required: boolean;
  /** A rehearsal that is older counts no more. */
  readonly withinMs: number;
  /** At most so many healthy rollouts rolled back, from 0 to 1. */
  readonly falseRollback: number;
  /** At most so many of each failure that is asked for missed, from 0 to 1. */
  readonly missed: number;
}

/** The watch after completion: until a day, or for a time since completion; neither: until it is ended. */
export interface WatchPlan {
  readonly untilMs?: number;
  readonly forMs?: number;
  /** False alarms of a guardrail are at least so far apart, on average. */
  readonly falseAlarmEveryMs: number;
}

/** A service level objective: this share of requests must be good over a sliding window. */
export interface BudgetPlan {
  /** Between 0 and 1, such as 0.999. */
  readonly objective: number;
  readonly windowMs: number;
  /** What a burnt or fast burning budget does. */
  readonly then: 'hold' | 'rollback';
}

export type BlindAction = 'hold' | 'pause' | 'rollback';

export interface Stage {
  /** Who and at what share; every earlier stage's audience is contained at its share or more. */
  readonly allocations: readonly {
    readonly audience?: Condition;
    readonly sharePerMillion: number;
  }[];
  readonly bakeMs: number;
  /** Distinct treatment units in this stage before it may advance. */
  readonly minimumSample: number;
}

export interface Guardrail {
  readonly metric: string;
  /** For latency: 0.99 for p99. Absent for rates. */
  readonly quantile?: number;
  /** Absent: as the metric's document says. A started rollout's plan has it filled in. */
  readonly worse?: 'higher' | 'lower';
  readonly margin: { readonly relative: number; readonly absolute: number };
  /** Share of the harm alpha; weights of the guardrails sum to 1. */
  readonly weight: number;
  /** The error budget of the services behind it, by request; absent: none. */
  readonly budget?: BudgetPlan;
}

export interface SuccessCriterion {
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  readonly by: { readonly relative: number };
}
