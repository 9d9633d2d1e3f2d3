import type {
  ControlState,
  FlagEnvironmentState,
  FlagState,
  ProjectState,
} from '../state/types.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { EventBody, EventPayload } from './types.ts';

export type EventType = EventPayload['type'];
export type EventOf<Type extends EventType> = Extract<EventBody, { readonly type: Type }>;

/** Applies one kind of event: changes the maps of the state in place, replaces what is in them. */
export type Evolver<Type extends EventType> = (
  state: ControlState,
  event: EventOf<Type>,
  position: number,
) => void;

/** The project of an event; an event without one is a broken log. */
export function projectOf(state: ControlState, event: EventBody): ProjectState {
  return known(state.projects.get(event.project), `project ${event.project}`);
}

/** The flag that an event is about. */
export function flagOf(
  state: ControlState,
  event: EventBody & { readonly flag: string },
): FlagState {
  return known(projectOf(state, event).flags.get(event.flag), `flag ${event.flag}`);
}

/** An event of one flag in one environment. */
export type LocalEvent = EventBody & { readonly flag: string; readonly environment: string };

export const UNTOUCHED: FlagEnvironmentState = { down: false, earlier: [], version: 0 };

/** What the state says of a flag in an environment. */
export function hereOf(state: ControlState, event: LocalEvent): FlagEnvironmentState {
  return flagOf(state, event).environments[event.environment] ?? UNTOUCHED;
}

/** Replaces what the state says of a flag in an environment. */
export function setHere(state: ControlState, event: LocalEvent, here: FlagEnvironmentState): void {
  const flag = flagOf(state, event);
  const environments = { ...flag.environments, [event.environment]: here };
  projectOf(state, event).flags.set(flag.key, { ...flag, environments });
}

/**
 * Replaces the newest rollout of a flag in an environment by what `change` makes of it. The flag's
 * version moves only with events that change the snapshot: a hold or a pause serves what was served.
 */
export function changeRollout(
  state: ControlState,
  { event, position }: { readonly event: LocalEvent; readonly position: number },
  change: (rollout: RolloutState) => RolloutState,
): void {
  const here = hereOf(state, event);
  const rollout = known(here.rollout, `rollout of ${event.flag} in ${event.environment}`);
  const version = event.environments.includes(event.environment) ? position : here.version;
  setHere(state, event, { ...here, rollout: change(rollout), version });
}

function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`broken log: it speaks of the unknown ${what}`);
  return value;
}
