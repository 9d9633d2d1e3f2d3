import type { TelemetryState } from '../state.ts';
import type { RolloutTelemetry } from './types.ts';

/** How long batches of a rollout go on after its rollback, for its proof to come late. */
const RECOVERY_MS = 86_400_000;
/** After a long stop the rest of the batches is told by the next call. */
const MAX_DUE = 1_000;

export interface DueBatch {
  readonly rollout: string;
  readonly batch: number;
  readonly endMs: number;
}

/** Batches are counted from the start of the rollout: this one ends here. */
export function batchEndMs(telemetry: RolloutTelemetry, batch: number): number {
  return telemetry.rollout.startedAtMs + (batch + 1) * telemetry.plan.batchMs;
}

/** The first batch whose end is at or after a moment. */
export function batchEndingAfter(telemetry: RolloutTelemetry, atMs: number): number {
  const sinceStartMs = atMs - telemetry.rollout.startedAtMs;
  return Math.max(0, Math.ceil(sinceStartMs / telemetry.plan.batchMs) - 1);
}

/**
 * The batches whose grace is over and that no row has closed: one `batchClosed` row is due for each,
 * in this order. `nowMs` is the store's clock.
 */
export function dueBatches(state: TelemetryState, nowMs: number): DueBatch[] {
  return [...state.rollouts.values()].flatMap((telemetry) =>
    dueOf(telemetry, Math.min(nowMs - state.options.graceMs, lastEndMs(telemetry))),
  );
}

function dueOf(telemetry: RolloutTelemetry, endedByMs: number): DueBatch[] {
  const due: DueBatch[] = [];
  for (let batch = telemetry.openBatch; due.length < MAX_DUE; batch++) {
    const endMs = batchEndMs(telemetry, batch);
    if (endMs > endedByMs) break;
    due.push({ rollout: telemetry.id, batch, endMs });
  }
  return due;
}

/** Batches end for good with the rollout, or a while after its rollback. */
export function lastEndMs({ rollout }: RolloutTelemetry): number {
  if (rollout.status === 'ended') return Number.NEGATIVE_INFINITY;
  if (rollout.status === 'rolledBack') return rollout.statusSinceMs + RECOVERY_MS;
  return Number.POSITIVE_INFINITY;
}
