import type { UnitOutcome, UnitRecord } from './cohort.ts';

/** Outcomes before the first sighting that are kept in case an earlier sighting still arrives. */
const MAX_OUTCOMES = 24;

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
  const { outcomes } = record;
  for (const kept of outcomes) if (outdoes(kept, outcome, record.firstAtMs)) return;
  let length = 0;
  for (const kept of outcomes) {
    if (!outdoes(outcome, kept, record.firstAtMs)) outcomes[length++] = kept;
  }
  outcomes.length = length;
  outcomes.push(outcome);
  if (outcomes.length > MAX_OUTCOMES) dropEarliest(outcomes);
}

/** The worst value of a metric within the horizon, both ends included; undefined where there was none. */
export function worstWithin(
  record: UnitRecord,
  metric: string,
  horizonMs: number,
): number | undefined {
  const endMs = record.firstAtMs + horizonMs;
  let worst: number | undefined;
  for (const outcome of record.outcomes) {
    if (outcome.metric !== metric) continue;
    if (outcome.atMs < record.firstAtMs || outcome.atMs > endMs) continue;
    if (worst === undefined || outcome.value > worst) worst = outcome.value;
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

function dropEarliest(outcomes: UnitOutcome[]): void {
  let earliest = 0;
  outcomes.forEach((outcome, index) => {
    if (outcome.atMs < (outcomes[earliest]?.atMs ?? 0)) earliest = index;
  });
  outcomes.splice(earliest, 1);
}
