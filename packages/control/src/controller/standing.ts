import type { Evidence } from '../evidence/types.ts';
import type { RolloutState, RolloutStatus } from '../rollout/types.ts';
import type { ControllerInput } from './types.ts';

/** Statuses in which the controller may hold or pause: it still goes on by itself. */
const GOING_ON: readonly RolloutStatus[] = ['measuring', 'running', 'held'];
/** Statuses in which a unit may be in treatment once a stage was entered. */
const EXPOSING: readonly RolloutStatus[] = ['running', 'held', 'paused', 'completed'];

export function goesOn({ status }: RolloutState): boolean {
  return GOING_ON.includes(status);
}

/** Whether any unit may be in treatment: then harm is judged, whatever else holds. */
export function mayExpose({ status, stage }: RolloutState): boolean {
  return stage >= 0 && EXPOSING.includes(status);
}

/** Where the rollout is addressed to. */
export function target({ rollout }: ControllerInput): {
  readonly flag: string;
  readonly environment: string;
} {
  return { flag: rollout.flag, environment: rollout.environment };
}

/** Whether a person has answered a pause with this cause in the present stage. */
export function isAnswered(evidence: Evidence | undefined, code: string): boolean {
  return evidence?.answered.includes(code) ?? false;
}

/** How long the stage has been tried: a person who resumes it gives it its time anew. */
export function triedSinceMs({ rollout, evidence }: ControllerInput): number {
  return Math.max(rollout.stageEnteredAtMs, evidence?.resumedAtMs ?? 0);
}
