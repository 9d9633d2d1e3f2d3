/**
 * How the clock of a process that tells by OTLP differs from the store's: when an export was received less the
 * newest time in it. OTLP does not say when something was sent, but nothing is told before it happened. So a
 * message can be late, never early, and the least difference of late tells the clocks apart from the way.
 */
export interface SenderClock {
  /** When the first of an unbroken row of messages was received. */
  sinceMs: number;
  lastAtMs: number;
  /** Over the last minute or two: what times are placed by. */
  readonly near: LeastDifference;
  /** Over the last quarter to half an hour: what may be trusted for health. */
  readonly far: LeastDifference;
}

interface LeastDifference {
  turnedAtMs: number;
  leastMs: number;
  /** The least of the window before. */
  earlierMs?: number;
}

const NEAR_MS = 60_000;
const FAR_MS = 900_000;
/** Clocks that agree so well are left alone. */
export const AHEAD_MS = 1_000;
/** A clock that is behind looks like a message that is late, as most are by some seconds. */
const BEHIND_MS = 5_000;

export interface ClockCorrection {
  /** To be added to every time, so that it lies where it happened on the store's clock. */
  readonly placeMs: number;
  /**
   * The same as far as it is proven. A clock that is ahead is, by its first message. One that is behind cannot be
   * told from a delay until every message of a quarter of an hour was: until then nothing is trusted
   * to be complete, and what is told counts for harm alone (invariant 5).
   */
  readonly provenMs: number;
}

/** The correction of times that were told in a message, given what is known of its process. */
export function correctionOf(
  clock: SenderClock | undefined,
  differenceMs: number,
  atMs: number,
): ClockCorrection {
  const nearMs = leastOf(clock?.near, { differenceMs, atMs, windowMs: NEAR_MS });
  const farMs = leastOf(clock?.far, { differenceMs, atMs, windowMs: FAR_MS });
  const isLong = clock !== undefined && !isBroken(clock, atMs) && atMs - clock.sinceMs >= FAR_MS;
  const far = tolerated(farMs);
  return { placeMs: tolerated(nearMs), provenMs: far > 0 && !isLong ? 0 : far };
}

/** The clock after a message. Changes what it is given, where there is any. */
export function noteSenderClock(
  clock: SenderClock | undefined,
  differenceMs: number,
  atMs: number,
): SenderClock {
  if (clock === undefined || isBroken(clock, atMs)) {
    const least = () => ({ turnedAtMs: atMs, leastMs: differenceMs });
    return { sinceMs: atMs, lastAtMs: atMs, near: least(), far: least() };
  }
  clock.lastAtMs = Math.max(clock.lastAtMs, atMs);
  turn(clock.near, { differenceMs, atMs, windowMs: NEAR_MS });
  turn(clock.far, { differenceMs, atMs, windowMs: FAR_MS });
  return clock;
}

/** After so long a silence nothing is known of a clock that was not known before. */
function isBroken({ lastAtMs }: SenderClock, atMs: number): boolean {
  return atMs - lastAtMs > FAR_MS;
}

interface Message {
  readonly differenceMs: number;
  readonly atMs: number;
  readonly windowMs: number;
}

function turn(least: LeastDifference, { differenceMs, atMs, windowMs }: Message): void {
  if (atMs - least.turnedAtMs < windowMs) {
    least.leastMs = Math.min(least.leastMs, differenceMs);
    return;
  }
  if (atMs - least.turnedAtMs < 2 * windowMs) least.earlierMs = least.leastMs;
  else delete least.earlierMs;
  least.leastMs = differenceMs;
  least.turnedAtMs = atMs;
}

function leastOf(
  known: LeastDifference | undefined,
  { differenceMs, atMs, windowMs }: Message,
): number {
  const ageMs = known === undefined ? Infinity : atMs - known.turnedAtMs;
  if (known === undefined || ageMs >= 2 * windowMs) return differenceMs;
  const earlierMs = ageMs < windowMs ? (known.earlierMs ?? differenceMs) : differenceMs;
  return Math.min(differenceMs, known.leastMs, earlierMs);
}

function tolerated(leastMs: number): number {
  return leastMs < -AHEAD_MS || leastMs > BEHIND_MS ? leastMs : 0;
}
