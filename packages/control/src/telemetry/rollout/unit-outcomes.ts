import type { UnitRecord } from './units/unit-record.ts';

/** One outcome takes three numbers of the list: metric, time, value. There may be millions of lists. */
const METRIC = 0;
const AT = 1;
const VALUE = 2;
const WIDTH = 3;

/** Outcomes before the first sighting are kept in case an earlier sighting still arrives. */
const MAX_OUTCOMES = 24;

interface UnitOutcome {
  /** Index of the metric in its rollout, and of the service (`OutcomeSeries`). */
  readonly metric: number;
  readonly atMs: number;
  readonly value: number;
}

/**
 * Keeps an outcome of a unit unless one at least as bad that came no later makes it pointless: every
 * horizon that reaches the later one reaches the earlier one too. So a unit's outcomes are a short
 * rising staircase per metric, whatever the order they arrived in.
 */
export function noteOutcome(
  record: UnitRecord,
  outcome: UnitOutcome,
  longestHorizonMs: number,
): void {
  // Zero is no event: it says that the unit was heard of, no more.
  if (outcome.value <= 0 || outcome.atMs > record.firstAtMs + longestHorizonMs) return;
  const { outcomes, firstAtMs } = record;
  if (outcomes === undefined) {
    record.outcomes = [outcome.metric, outcome.atMs, outcome.value];
    return;
  }
  for (let at = 0; at < outcomes.length; at += WIDTH) {
    if (outdoes(outcomeAt(outcomes, at), outcome, firstAtMs)) return;
  }
  let length = 0;
  for (let at = 0; at < outcomes.length; at += WIDTH) {
    const kept = outcomeAt(outcomes, at);
    if (!outdoes(outcome, kept, firstAtMs)) length = put(outcomes, length, kept);
  }
  outcomes.length = put(outcomes, length, outcome);
  if (outcomes.length > MAX_OUTCOMES * WIDTH) dropEarliest(outcomes);
}

/**
 * What is looked for among a unit's outcomes. They are kept by metric, and where services are told apart by
 * the place of the service that reported them too: `metric + metrics x service`.
 */
interface OutcomeSeries {
  readonly metric: number;
  /** How many metrics there are. */
  readonly metrics: number;
  /** Place of a service; absent: whoever reported it. */
  readonly service?: number;
}

/** The worst value of a metric within the horizon, both ends included; undefined where there was none. */
export function worstWithin(
  { outcomes, firstAtMs }: UnitRecord,
  { metric, metrics, service }: OutcomeSeries,
  horizonMs: number,
): number | undefined {
  if (outcomes === undefined) return undefined;
  let worst: number | undefined;
  for (let at = 0; at < outcomes.length; at += WIDTH) {
    const kept = outcomes[at + METRIC] ?? 0;
    if (service === undefined ? kept % metrics !== metric : kept !== metric + metrics * service)
      continue;
    const sinceMs = (outcomes[at + AT] ?? 0) - firstAtMs;
    const value = outcomes[at + VALUE] ?? 0;
    if (sinceMs < 0 || sinceMs > horizonMs) continue;
    if (worst === undefined || value > worst) worst = value;
  }
  return worst;
}

function outdoes(one: UnitOutcome, other: UnitOutcome, firstAtMs: number): boolean {
  return (
    one.metric === other.metric &&
    one.atMs >= firstAtMs &&
    one.atMs <= other.atMs &&
    one.value >= other.value
  );
}

function outcomeAt(outcomes: readonly number[], at: number): UnitOutcome {
  return {
    metric: outcomes[at + METRIC] ?? 0,
    atMs: outcomes[at + AT] ?? 0,
    value: outcomes[at + VALUE] ?? 0,
  };
}

/** Writes an outcome at a place of the list and returns the place after it. */
function put(outcomes: number[], at: number, { metric, atMs, value }: UnitOutcome): number {
  outcomes[at + METRIC] = metric;
  outcomes[at + AT] = atMs;
  outcomes[at + VALUE] = value;
  return at + WIDTH;
}

function dropEarliest(outcomes: number[]): void {
  let earliest = 0;
  for (let at = WIDTH; at < outcomes.length; at += WIDTH) {
    if ((outcomes[at + AT] ?? 0) < (outcomes[earliest + AT] ?? 0)) earliest = at;
  }
  outcomes.splice(earliest, WIDTH);
}
