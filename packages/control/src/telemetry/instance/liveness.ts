import { FRESHNESS_BATCHES } from '@downhaul/judge';
import type { TelemetryOptions } from '../options.ts';
import type { InstanceState } from './types.ts';

const SILENT_INTERVALS = 3;

/**
 * How long an instance may be silent before it counts as lost to a rollout whose batches have this
 * length: three report intervals, and no less than telemetry takes to be stale.
 */
export function silenceLimitMs(
  batchMs: number,
  { reportIntervalMs }: Pick<TelemetryOptions, 'reportIntervalMs'>,
): number {
  return Math.max(SILENT_INTERVALS * reportIntervalMs, FRESHNESS_BATCHES * batchMs);
}

/** Whether so much time had passed by a moment since the last word of an instance; an open stream is one. */
export function isSilent(
  { stream, lastContactAtMs }: InstanceState,
  { atMs, limitMs }: { readonly atMs: number; readonly limitMs: number },
): boolean {
  return stream?.open !== true && lastContactAtMs + limitMs <= atMs;
}

/** Whether reports are to be expected: an SDK that says so, or has sent one. */
export function isReporting(instance: InstanceState): boolean {
  return instance.class === 'acking' && (instance.reportsExposures || instance.reportsReceived > 0);
}
