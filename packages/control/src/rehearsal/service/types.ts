/** The service as a rehearsal takes it to be: what stays the same whatever the feature does. */
export interface ServiceModel {
  readonly unitsPerSecond: Figure;
  /** By how much traffic swings over a day, from 0 to below 1: 0.5 goes from half to one and a half. */
  readonly daySwing: Figure;
  /** Of the units that a later stage sees, those that an earlier one has seen, from 0 to 1. */
  readonly returningShare: Figure;
  /** Share of all units that an audience of the plan holds; every audience is taken to be as large. */
  readonly audienceShare: Figure;
  /**
   * Chance that a unit counts as bad under a metric, in control. Of a metric that may not get rarer, that
   * is the chance that it does not happen.
   */
  readonly rates: Readonly<Record<string, Figure>>;
  /** The slowest request of a unit, where a plan judges latency. */
  readonly latency: LatencyModel;
  readonly timing: Timing;
}

/** A figure and how it is known. */
export interface Figure {
  readonly value: number;
  readonly known: 'measured' | 'given' | 'assumed';
}

export interface LatencyModel {
  /** Share of units by the engine's number of a latency bucket. */
  readonly shares: readonly number[];
  readonly known: Figure['known'];
}

/** How fast Downhaul itself is. */
export interface Timing {
  /** A batch closes this long after its end. */
  readonly graceMs: number;
  readonly reportIntervalMs: number;
  /** From a batch that could close to the moment in which instances serve what was decided. */
  readonly delayMs: number;
}
