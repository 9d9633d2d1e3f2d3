import { requirePositive } from '../error/require-figure.ts';
import { requireAtLeast } from '../error/require.ts';

/**
 * A unit's number of events as an outcome in [0, 1]: min(events, cap) / cap. The guard against units that
 * fail in bursts: with units as exposure, sums of capped outcomes keep the error rate exactly, however
 * the events of a unit depend on each other. The cap is declared before the rollout; 1 is "any event".
 */
export function cappedOutcome(events: number, cap: number): number {
  requireAtLeast('events', events, 0);
  requirePositive('cap', cap);
  return Math.min(events, cap) / cap;
}
