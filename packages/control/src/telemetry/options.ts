/** Bounds and durations of the fold. The same on every replica, since they decide what is counted. */
export interface TelemetryOptions {
  /** Units kept per rollout over all its stages; above it a fixed hash slice is measured. */
  readonly maxUnits: number;
  /** How long outcomes of units that no rollout has seen yet are kept: report interval plus grace. */
  readonly pendingMs: number;
  /** Units kept with outcomes but without an exposure, per environment. */
  readonly maxPendingUnits: number;
  /** How often an instance sends its report. */
  readonly reportIntervalMs: number;
  /** A batch closes this long after its end. */
  readonly graceMs: number;
  /** Silence after which an instance may be presumed gone. */
  readonly instanceExpiryMs: number;
  /** How long an instance that left is remembered. */
  readonly instanceRetentionMs: number;
  /** How long the figures of a rollout that is over are remembered. */
  readonly rolloutRetentionMs: number;
}

export const DEFAULT_TELEMETRY_OPTIONS: TelemetryOptions = {
  maxUnits: 3_000_000,
  pendingMs: 120_000,
  maxPendingUnits: 200_000,
  reportIntervalMs: 10_000,
  graceMs: 15_000,
  instanceExpiryMs: 3_600_000,
  instanceRetentionMs: 30 * 86_400_000,
  rolloutRetentionMs: 90 * 86_400_000,
};
