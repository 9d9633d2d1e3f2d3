import type { InstanceState } from './types.ts';

/** The least difference is remembered for one to two of these. */
const WINDOW_MS = 1_800_000;
/** No request is under way for longer: a greater difference is a clock that was set. */
const LONGEST_TRANSIT_MS = 300_000;

/**
 * By how much the store's clock is ahead of an instance's, given the difference at which its newest
 * message was received. A message can be late, never early, so the least difference of late tells the
 * clocks apart from the way: a report that was delayed is not taken for one of a slow clock.
 */
export function clockAheadMs(
  instance: Pick<InstanceState, 'clock'> | undefined,
  differenceMs: number,
): number {
  const least = leastOf(instance, differenceMs);
  return differenceMs - least > LONGEST_TRANSIT_MS ? differenceMs : least;
}

/** Remembers the difference of a message: when it was received less when it said it was sent. */
export function noteClock(instance: InstanceState, differenceMs: number, atMs: number): void {
  const { clock } = instance;
  const wasSet = differenceMs - leastOf(instance, differenceMs) > LONGEST_TRANSIT_MS;
  if (clock === undefined || wasSet) {
    instance.clock = { aheadMs: differenceMs, turnedAtMs: atMs };
  } else if (atMs - clock.turnedAtMs >= WINDOW_MS) {
    clock.earlierAheadMs = clock.aheadMs;
    clock.aheadMs = differenceMs;
    clock.turnedAtMs = atMs;
  } else {
    clock.aheadMs = Math.min(clock.aheadMs, differenceMs);
  }
}

function leastOf(instance: Pick<InstanceState, 'clock'> | undefined, differenceMs: number): number {
  const { aheadMs = differenceMs, earlierAheadMs = differenceMs } = instance?.clock ?? {};
  return Math.min(differenceMs, aheadMs, earlierAheadMs);
}
