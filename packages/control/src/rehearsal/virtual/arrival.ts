/** Telemetry of the units that arrived in one minute, counted by arm. */
export interface Arrival {
  readonly minute: number;
  /** Stage in which these units arrived. */
  readonly stage: number;
  readonly treatment: ArmSeen;
  readonly control: ArmSeen;
}

export interface ArmSeen {
  readonly units: number;
  /** By horizon of the plan: units that are bad once it has passed, and counted only then. */
  readonly bad: readonly number[];
  readonly requests: number;
  readonly errors: number;
  /** Units by position in `buckets`, the numbers of latency buckets. */
  readonly latency?: readonly number[];
  readonly buckets?: readonly number[];
}
