/**
 * What one service told of one metric, slot by slot: `startMs, count, bad, startMs, count, bad, …`, the oldest
 * first. Plain numbers, because there are many. By request, so approximate where units are judged.
 */
export interface MetricHours {
  /** Slots of five minutes, kept for three days. */
  readonly fine: number[];
  /** Slots of an hour, kept for 35 days. */
  readonly coarse: number[];
}

/** By service and metric, in the order in which they were first heard. */
export type EnvironmentHours = Map<string, Map<string, MetricHours>>;

/** Counts of a slot. */
export interface HourSlot {
  readonly startMs: number;
  readonly count: number;
  readonly bad: number;
}
