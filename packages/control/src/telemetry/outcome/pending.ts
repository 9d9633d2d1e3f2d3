import type { OutcomeItem } from '@downhaul/engine';

/**
 * Outcomes of units, kept for a short time whether or not a rollout knows the unit: the exposure may
 * arrive later, in another service's report. Two generations; a turn forgets the older one, so an
 * outcome stays between one and two times `pendingMs`.
 */
export interface PendingOutcomes {
  newer: Map<string, PendingOutcome[]>;
  older: Map<string, PendingOutcome[]>;
  turnedAtMs: number;
  /** Outcomes forgotten because there were too many units. */
  forgotten: number;
}

export type PendingOutcome = Omit<OutcomeItem, 'unit' | 'synthetic'> & {
  /** Who reported it. */
  readonly service: string;
  /** `instanceKey` or `senderKey` of the reporter; absent in checkpoints of earlier releases. */
  readonly instance?: string;
};

export function createPendingOutcomes(): PendingOutcomes {
  return { newer: new Map(), older: new Map(), turnedAtMs: 0, forgotten: 0 };
}

/** Turns the generations when the newer one is full in time or number. */
export function turnPending(
  pending: PendingOutcomes,
  atMs: number,
  bounds: { readonly pendingMs: number; readonly maxPendingUnits: number },
): void {
  const full = pending.newer.size >= bounds.maxPendingUnits / 2;
  if (!full && atMs - pending.turnedAtMs < bounds.pendingMs) return;
  if (full) pending.forgotten += pending.older.size;
  pending.older = pending.newer;
  pending.newer = new Map();
  pending.turnedAtMs = atMs;
}

export function keepPending(
  pending: PendingOutcomes,
  { unit, synthetic: _synthetic, ...item }: OutcomeItem,
  { service, instance }: { readonly service: string; readonly instance: string },
): void {
  const outcome = { ...item, service, instance };
  const kept = pending.newer.get(unit);
  if (kept === undefined) pending.newer.set(unit, [outcome]);
  else kept.push(outcome);
}

/** What is still known of a unit, in order of arrival. */
export function pendingOf(pending: PendingOutcomes, unit: string): readonly PendingOutcome[] {
  const older = pending.older.get(unit);
  const newer = pending.newer.get(unit);
  if (older === undefined) return newer ?? [];
  return newer === undefined ? older : [...older, ...newer];
}
