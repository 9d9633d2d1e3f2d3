import type { Plan } from '../../plan/types.ts';
import type { Truth } from '../scenario/truth.ts';
import type { ServiceModel } from '../service/types.ts';
import type { RunOutcome } from '../types.ts';
import type { Quantiles } from './quantiles.ts';
import type { Share } from './share.ts';

/** What a scenario led to, over all its runs. */
export interface ScenarioSummary {
  readonly scenario: string;
  readonly truth: Truth;
  /** Whether a plan that asks for rehearsals has to find it (docs/rehearsal.md). */
  readonly demanded: boolean;
  readonly runs: number;
  readonly ends: Readonly<Record<RunOutcome['end'], number>>;
  /** Runs by `end: reason`, the most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly rolledBack: Share;
  /** Runs that got to the last stage: where something is wrong, those that missed it. */
  readonly reachedLast: Share;
  readonly completed: Share;
  /** Runs that stopped and wait for a person, or for what does not come. */
  readonly stopped: Share;
  /** By stage from the baseline on, the runs that were rolled back in it. */
  readonly rolledBackByStage: Readonly<Record<string, number>>;
  /** By guardrail, the runs in which it was named as harmful. */
  readonly named: Readonly<Record<string, number>>;
  /** By guardrail, the runs that stopped because it was not shown to be no worse. */
  readonly unpassed: Readonly<Record<string, number>>;
  /** Units worse off, in runs that were rolled back. */
  readonly harmedUnits?: Quantiles;
  /** The same in all runs. */
  readonly harmedInAll?: Quantiles;
  readonly toRollbackMs?: Quantiles;
  readonly toCompletionMs?: Quantiles;
  readonly stages: readonly StageReached[];
}

export interface StageReached {
  readonly stage: number;
  readonly sharePerMillion: number;
  readonly reached: Share;
  /** From the start of the rollout, in the runs that reached it. */
  readonly afterMs?: Quantiles;
}

/** Something to know of the plan. */
export interface Finding {
  readonly code:
    | 'false_rollbacks'
    | 'healthy_stops'
    | 'failure_missed'
    | 'failure_unseen'
    | 'failure_within_margin'
    | 'harm_above_budget';
  readonly scenario: string;
  /** The guardrail that it is about, where it is about one. */
  readonly guardrail?: string;
  readonly text: string;
}

/** A change of the plan that was tried. */
export interface Suggestion {
  /** What to write in the plan's document. */
  readonly change: string;
  readonly text: string;
  readonly plan: Plan;
  /** The scenarios that it was tried on, before and after. */
  readonly tried: readonly { readonly before: ScenarioSummary; readonly after: ScenarioSummary }[];
}

/** What a rehearsal answers. */
export interface RehearsalReport {
  readonly plan: Plan;
  readonly judgeVersion: string;
  readonly seed: string;
  readonly runs: number;
  readonly service: ServiceModel;
  readonly scenarios: readonly ScenarioSummary[];
  readonly findings: readonly Finding[];
  readonly suggestions: readonly Suggestion[];
  /** What rehearsals do not model, as far as this plan has it. */
  readonly notModelled: readonly string[];
}
