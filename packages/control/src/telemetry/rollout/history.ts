import type { Allocation, Arm } from '@downhaul/engine';
import type { RolloutState, RolloutStatus } from '../../rollout/types.ts';

export const BASELINE_STAGE = -1;
export const RECOVERY_STAGE = -2;

/** What every snapshot from `version` on, until the next entry's, says about a rollout. */
export interface HistoryEntry {
  readonly version: number;
  readonly atMs: number;
  /** As telemetry counts: -1 while measuring, -2 after a rollback. */
  readonly stage: number;
  readonly status: RolloutStatus;
  readonly allocations: readonly Allocation[];
}

/** The stage that exposures of a rollout in this state belong to. */
export function telemetryStage(rollout: Pick<RolloutState, 'status' | 'stage'>): number {
  const over = rollout.status === 'rolledBack' || rollout.status === 'ended';
  return over ? RECOVERY_STAGE : rollout.stage;
}

/** The entry in force at a snapshot version; undefined before the rollout began. */
export function entryAt(
  history: readonly HistoryEntry[],
  version: number,
): HistoryEntry | undefined {
  return history.findLast((entry) => entry.version <= version);
}

/**
 * Whether a snapshot in which this entry was in force could give a unit of this stratum the arm.
 * A unit is in treatment by its first allocation that holds or any later one, so treatment needs a
 * share above zero from there on, and control needs no later allocation that takes everyone.
 */
export function couldAssign(
  entry: HistoryEntry,
  {
    stage,
    arm,
    allocation,
  }: { readonly stage: number; readonly arm: Arm; readonly allocation: number },
): boolean {
  if (stage < 0) return arm === 'control' && mayMeasure(entry, stage);
  if (entry.stage !== stage) return false;
  const own = entry.allocations[allocation];
  if (own === undefined) return false;
  const later = entry.allocations.slice(allocation + 1);
  if (arm === 'treatment') {
    return own.sharePerMillion > 0 || later.some(({ sharePerMillion }) => sharePerMillion > 0);
  }
  const takesAll = later.some(
    ({ audience, sharePerMillion }) => audience === undefined && sharePerMillion >= 1_000_000,
  );
  return own.sharePerMillion < 1_000_000 && !takesAll;
}

/** Whether anybody could be served the arm while this entry is in force. */
export function couldServe(entry: HistoryEntry, arm: Arm): boolean {
  const { stage, allocations } = entry;
  if (stage < 0) return couldAssign(entry, { stage, arm, allocation: 0 });
  return allocations.some((_, allocation) => couldAssign(entry, { stage, arm, allocation }));
}

/** A flag that is down measures its recovery while its rollout is merely paused. */
function mayMeasure(entry: HistoryEntry, stage: number): boolean {
  if (stage === RECOVERY_STAGE) return entry.stage === RECOVERY_STAGE || entry.status === 'paused';
  return stage === BASELINE_STAGE && entry.stage === BASELINE_STAGE;
}

/** Whether anyone can be in control: some share below everyone. */
export function hasControlArm(allocations: readonly Allocation[]): boolean {
  return allocations.some((_, allocation) =>
    couldAssign(
      { version: 0, atMs: 0, stage: 0, status: 'running', allocations },
      { stage: 0, arm: 'control', allocation },
    ),
  );
}

/**
 * The probability of treatment in a stratum, from 0 to 1; undefined where a later allocation with a
 * higher share may add to it for some units, so that there is no one share.
 */
export function shareOf(
  allocations: readonly Allocation[],
  allocation: number,
): number | undefined {
  const own = allocations[allocation];
  if (own === undefined) return undefined;
  for (const later of allocations.slice(allocation + 1)) {
    if (later.sharePerMillion > own.sharePerMillion) return undefined;
  }
  return own.sharePerMillion / 1_000_000;
}
