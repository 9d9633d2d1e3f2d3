import type { Plan } from '../plan/types.ts';
import type { Scenario } from './scenario/types.ts';
import type { ServiceModel } from './service/types.ts';

/** A rollout that is to be played through, once per run. */
export interface Rehearsed {
  readonly plan: Plan;
  readonly service: ServiceModel;
  readonly scenario: Scenario;
}

/** How one run went. */
export interface RunOutcome {
  /** How the rollout stood when it ended, stopped for a person, or when nobody waited any longer. */
  readonly end: 'completed' | 'rolledBack' | 'paused' | 'held' | 'unfinished';
  /** Why; a stable code of the controller. */
  readonly reason: string;
  readonly endedAtMs: number;
  /** Stage in which it ended; -1 is the baseline. */
  readonly stage: number;
  /** When each stage was entered, from the start; shorter where later ones were not reached. */
  readonly enteredAtMs: readonly number[];
  /** Units that are worse off because of the feature. */
  readonly harmedUnits: number;
  readonly treatedUnits: number;
  /** Hypotheses that were named as harmful when it was rolled back. */
  readonly named: readonly string[];
  /** What it waited for when it stopped, as the controller's code. */
  readonly waitedFor?: string;
  /** Guardrail hypotheses that had not been shown to be no worse when it stopped. */
  readonly unpassed: readonly string[];
}
