import type { Guardrail } from '@downhaul/control';
import type { Random } from '../trace/random.ts';

/** One row of the benchmark. */
export interface Scenario {
  readonly key: string;
  readonly title: string;
  /** What should happen: nothing is wrong, something is, or telemetry cannot tell. */
  readonly truth: 'healthy' | 'harmful' | 'untold';
  /** True where both arms are the same and telemetry tells: whoever rolls back here raises a false alarm. */
  readonly isSame?: boolean;
  /** The world of one seed. */
  readonly world: (random: Random) => World;
  readonly outcomes: readonly Outcome[];
  /** Rates of the first outcome at which threshold judges fail: the service's objective, and a tight one. */
  readonly objectives?: { readonly loose: number; readonly tight: number };
  /** Bakes in minutes of the stages; the plan of the benchmark otherwise. */
  readonly bakeMinutes?: readonly number[];
  /** True where traffic is too small to promise a time. */
  readonly isScarce?: boolean;
  /** The outcome whose excess is the harm; the last one otherwise. */
  readonly harmOutcome?: number;
  /** Minutes at which the owner takes the rollout back and starts the next attempt, whatever is known. */
  readonly attemptsAtMinutes?: readonly number[];
  /** Attributes by whose values the plan judges apart. */
  readonly slices?: readonly string[];
  /** Reasons that are right to hold, pause or roll back for; absent where there is nothing to check. */
  readonly reasons?: readonly string[];
}

export interface Outcome {
  readonly guardrail: Guardrail;
  /** From a unit's arrival to the moment it counts. */
  readonly horizonMinutes: number;
}

export interface World {
  /** Units expected in a minute. */
  readonly unitsAt: (minute: number) => number;
  /** Chance of a bad outcome, by outcome. `stage` is the one in which a unit is treated, undefined for control. */
  readonly rate: (at: Moment) => number;
  /** Shares of the slices as they really are; as configured otherwise. */
  readonly slicesAt?: (minute: number) => readonly number[];
  /** Errors of a failing unit, on average; 1 otherwise. */
  readonly errorsPerBad?: number;
  readonly requestsPerUnit?: number;
  /** Chance that a unit's telemetry is lost; `crashed` ones count as bad in truth and are never seen. */
  readonly lost?: (minute: number, arm: 'treatment' | 'control') => number;
  readonly lostAreCrashed?: boolean;
  /** Survival function of latency in ms: P(slowest request > ms). */
  readonly slower?: (latencyMs: number, arm: 'treatment' | 'control') => number;
  /** Where users are told apart: who comes, and what may happen to each; `unitsAt` counts their visits. */
  readonly population?: Population;
  /** How late the telemetry of a minute comes, in minutes. Infinity for never. */
  readonly delayAt?: (minute: number) => number;
  readonly isTwice?: (minute: number) => boolean;
}

export interface Population {
  /** Users who come again and again, each visit being one of them by chance; Infinity where all are new. */
  readonly users: number;
  /** Chance of a bad outcome of a visit. */
  readonly rate: (at: Moment & { readonly user: number }) => number;
  readonly slicesOf?: (user: number) => Readonly<Record<string, string>>;
}

export interface Moment {
  readonly minute: number;
  readonly stage: number | undefined;
  readonly outcome: number;
}
