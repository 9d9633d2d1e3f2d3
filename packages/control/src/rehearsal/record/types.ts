import type { Plan } from '../../plan/types.ts';
import type { Truth } from '../scenario/truth.ts';

/** A rehearsal as the log keeps it: what was rehearsed, how, and what came of it. */
export interface RehearsalRecord {
  readonly environment: string;
  /** The flag whose plan it was, where one was named. */
  readonly flag?: string;
  /** With the definitions of its metrics, as a rollout would be started with. */
  readonly plan: Plan;
  readonly judgeVersion: string;
  readonly seed: string;
  /** Of each scenario. */
  readonly runs: number;
  readonly unitsPerSecond: number;
  /** Figures of the service that nobody had measured or given. */
  readonly assumed: readonly string[];
  readonly scenarios: readonly RecordedScenario[];
}

/** Figures of one scenario; shares are in `count` of `runs`. */
export interface RecordedScenario {
  readonly scenario: string;
  readonly truth: Truth;
  readonly demanded: boolean;
  readonly runs: number;
  readonly rolledBack: number;
  readonly reachedLast: number;
  readonly completed: number;
  /** Units harmed in runs that were rolled back: the median, and what nine in ten do not exceed. */
  readonly harmedUnits?: { readonly p50: number; readonly p90: number };
}
