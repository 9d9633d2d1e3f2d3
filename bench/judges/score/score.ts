import type { Decision } from '../judge/types.ts';
import type { Replayed } from '../replay/replay.ts';
import type { Scenario } from '../scenario/types.ts';
import { type Interval, wilson } from './wilson.ts';

/** What is known of one judge in one scenario. Times in minutes. */
export interface Score {
  readonly scenario: string;
  readonly judge: string;
  readonly runs: number;
  readonly rolledBack: Interval;
  readonly reachedAll: Interval;
  /** Neither rolled back nor at 100 % after 48 hours. */
  readonly stayed: Interval;
  /** Rollbacks by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Runs that stayed below, by the last reason to hold. */
  readonly stayedFor: Readonly<Record<string, number>>;
  /** Runs whose first hold, pause or rollback had a right reason; absent where there is nothing to check. */
  readonly rightReason?: Interval;
  readonly excessBad: { readonly mean: number; readonly p90: number };
  /** By seed, in order: judges are compared on the same traces. */
  readonly excessBySeed: readonly number[];
  readonly treatedUnits: number;
  /** Half of all runs were at 100 % by then; null where fewer than half ever were. */
  readonly medianToAll: number | null;
  readonly toAll?: { readonly median: number; readonly p90: number };
  readonly toRollback?: { readonly median: number; readonly p90: number };
  readonly excessByHour: readonly number[];
  readonly microsecondsPerLook: number;
}

export function scoreOf(scenario: Scenario, judge: string, runs: readonly Replayed[]): Score {
  const count = (holds: (run: Replayed) => boolean) =>
    wilson(runs.filter(holds).length, runs.length);
  const excess = runs.map(({ excessBad }) => excessBad);
  return {
    scenario: scenario.key,
    judge,
    runs: runs.length,
    rolledBack: count((run) => run.rolledBackAt !== undefined),
    reachedAll: count((run) => run.reachedAllAt !== undefined),
    stayed: count((run) => run.rolledBackAt === undefined && run.reachedAllAt === undefined),
    reasons: reasonsOf(runs, 'rollback'),
    stayedFor: reasonsOf(
      runs.filter((run) => run.rolledBackAt === undefined && run.reachedAllAt === undefined),
      'hold',
    ),
    ...(scenario.reasons === undefined
      ? {}
      : { rightReason: count((run) => isRight(run, scenario.reasons ?? [])) }),
    excessBad: { mean: mean(excess), p90: quantile(excess, 0.9) },
    excessBySeed: excess,
    treatedUnits: mean(runs.map(({ treatedUnits }) => treatedUnits)),
    medianToAll: medianToAll(runs),
    ...timesOf(
      'toAll',
      runs.flatMap(({ reachedAllAt }) => reachedAllAt ?? []),
    ),
    ...timesOf(
      'toRollback',
      runs.flatMap(({ rolledBackAt }) => rolledBackAt ?? []),
    ),
    excessByHour: (runs[0]?.excessByHour ?? []).map((_, hour) =>
      mean(runs.map(({ excessByHour }) => excessByHour[hour] ?? 0)),
    ),
    microsecondsPerLook:
      sum(runs.map(({ microseconds }) => microseconds)) / sum(runs.map(({ looks }) => looks)),
  };
}

function medianToAll(runs: readonly Replayed[]): number | null {
  const median = quantile(
    runs.map(({ reachedAllAt }) => reachedAllAt ?? Infinity),
    0.5,
  );
  return Number.isFinite(median) ? median : null;
}

function isRight({ log }: Replayed, right: readonly string[]): boolean {
  const first = log.find(({ does }) => does === 'hold' || does === 'rollback');
  return first?.reason !== undefined && right.includes(first.reason);
}

function reasonsOf(runs: readonly Replayed[], does: Decision['does']): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const { log } of runs) {
    const reason = log.findLast((decision) => decision.does === does)?.reason;
    if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}

function timesOf<Key extends string>(key: Key, minutes: readonly number[]) {
  if (minutes.length === 0) return {};
  const times = { median: quantile(minutes, 0.5), p90: quantile(minutes, 0.9) };
  return { [key]: times } as Record<Key, typeof times>;
}

function mean(values: readonly number[]): number {
  return sum(values) / Math.max(1, values.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
