import type { ControlState } from '../state/types.ts';
import type { EventType, Evolver } from './apply.ts';
import { environmentCreated } from './environment-created.ts';
import { flagArchived } from './flag-archived.ts';
import { flagDowned } from './flag-downed.ts';
import { flagPut } from './flag-put.ts';
import { flagUpped } from './flag-upped.ts';
import { instanceRetired } from './instance-retired.ts';
import { lossAccepted } from './loss-accepted.ts';
import { metricPut } from './metric-put.ts';
import { metricRemoved } from './metric-removed.ts';
import { overridesSet } from './overrides-set.ts';
import { planPut } from './plan-put.ts';
import { projectCreated } from './project-created.ts';
import { proofRecorded } from './proof-recorded.ts';
import { rehearsalRecorded } from './rehearsal-recorded.ts';
import { rolloutCompleted } from './rollout-completed.ts';
import { rolloutEnded } from './rollout-ended.ts';
import { rolloutHeld } from './rollout-held.ts';
import { rolloutPaused } from './rollout-paused.ts';
import { rolloutReleased } from './rollout-released.ts';
import { rolloutResumed } from './rollout-resumed.ts';
import { rolloutRolledBack } from './rollout-rolled-back.ts';
import { rolloutStageEntered } from './rollout-stage-entered.ts';
import { rolloutStarted } from './rollout-started.ts';
import { rolloutTightened } from './rollout-tightened.ts';
import { segmentPut } from './segment-put.ts';
import { segmentRemoved } from './segment-removed.ts';
import { sourceExcluded } from './source-excluded.ts';
import { sourceIncluded } from './source-included.ts';
import { stateRecorded } from './state-recorded.ts';
import { tokenIssued } from './token-issued.ts';
import { tokenRetired } from './token-retired.ts';
import { tokenRevoked } from './token-revoked.ts';
import type { EventBody, LogEvent } from './types.ts';

/** What each event does to the state. */
const EVOLVERS: { readonly [Type in EventType]: Evolver<Type> } = {
  projectCreated,
  environmentCreated,
  flagPut,
  flagArchived,
  segmentPut,
  segmentRemoved,
  metricPut,
  metricRemoved,
  planPut,
  overridesSet,
  rolloutStarted,
  rolloutStageEntered,
  rolloutHeld,
  rolloutReleased,
  rolloutPaused,
  rolloutResumed,
  rolloutRolledBack,
  rolloutCompleted,
  rolloutTightened,
  rolloutEnded,
  flagDowned,
  flagUpped,
  proofRecorded,
  rehearsalRecorded,
  instanceRetired,
  sourceExcluded,
  sourceIncluded,
  tokenIssued,
  tokenRetired,
  tokenRevoked,
  stateRecorded,
  lossAccepted,
};

/**
 * Folds one event into the state, in place. Events come in the order of the log, each once; throws on
 * a gap and on an event that no command could have led to, for then the log is broken.
 */
export function evolve(state: ControlState, event: LogEvent): void {
  const { body, position } = event;
  if (position !== positionAfter(state.position, body)) {
    throw new Error(`broken log: event ${position} comes after ${state.position}`);
  }
  const evolver = EVOLVERS[body.type] as (
    state: ControlState,
    body: EventBody,
    position: number,
  ) => void;
  evolver(state, body, position);
  moveEnvironments(state, body, position);
  state.position = position;
}

/** Positions have no gaps, but where a loss was accepted: it names the gap. */
export function positionAfter(position: number, body: EventBody): number {
  if (body.type !== 'lossAccepted' || body.after !== position) return position + 1;
  return Math.max(position, body.through) + 1;
}

function moveEnvironments(state: ControlState, body: EventBody, version: number): void {
  const environments = state.projects.get(body.project)?.environments;
  for (const key of body.environments) {
    const environment = environments?.get(key);
    if (environment !== undefined) environments?.set(key, { ...environment, version });
  }
}
