import type { Onset } from './types.ts';

/** Where a rollout stands. */
export interface Moment {
  /** Of the units that are treated: what the stage says, less the holdback. */
  readonly sharePerMillion: number;
  /** What the stage says: `from 100%` is the stage of 100 %, however much is held back of it. */
  readonly stagePerMillion: number;
  /** Since the first unit was treated. */
  readonly sinceFirstMs: number;
}

/** How much of a change is there: 0 before it begins, 1 when it is there in full. */
export function strengthAt(onset: Onset, moment: Moment): number {
  const { sharePerMillion, stagePerMillion, sinceFirstMs } = moment;
  if (sharePerMillion <= 0 || stagePerMillion < onset.fromPerMillion) return 0;
  const grownMs = sinceFirstMs - onset.afterMs;
  if (grownMs < 0) return 0;
  return onset.overMs === 0 ? 1 : Math.min(1, grownMs / onset.overMs);
}

/** Whether what has come stays as it is for as long as the share does. */
export function isSteady({ afterMs, overMs }: Onset): boolean {
  return afterMs === 0 && overMs === 0;
}
