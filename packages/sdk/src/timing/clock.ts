/** The clocks of one client; both may be replaced in tests. */
export interface Clock {
  /** Milliseconds since 1970; may jump. */
  nowMs(): number;
  /** Milliseconds of a clock that never jumps, but stands still while the machine sleeps. */
  monotonicMs(): number;
}

/** A moment on both clocks. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** The clock of this process, its wall time taken from `now` where that is given. */
export function createClock(now: (() => number) | undefined): Clock {
  return { nowMs: now ?? Date.now, monotonicMs: () => performance.now() };
}

/** This moment on both clocks. */
export function momentOf(clock: Clock): Moment {
  return { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
}

/**
 * Milliseconds since `moment`: the larger of both clocks, because the wall clock alone counts the
 * time a machine was suspended and the monotonic clock alone is safe from being set back.
 */
export function elapsedMs(clock: Clock, moment: Moment): number {
  return Math.max(clock.nowMs() - moment.wallMs, clock.monotonicMs() - moment.monotonicMs);
}
