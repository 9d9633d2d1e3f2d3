import type { ControlState, LogEvent, RolloutChange, RolloutState } from '@downhaul/control';

/** The rollouts that an event may touch, as they stand now; to be taken before the event is folded. */
export function rolloutsTouchedBy(
  state: ControlState,
  event: LogEvent,
): ReadonlyMap<string, RolloutState | undefined> {
  const flag = flagKeyOf(event);
  const environments = flag === undefined ? {} : environmentsOf(state, event, flag);
  return new Map(Object.entries(environments).map(([key, { rollout }]) => [key, rollout]));
}

/** The rollouts that the event changed, as the telemetry fold has to hear of them. */
export function rolloutChanges(
  state: ControlState,
  event: LogEvent,
  before: ReadonlyMap<string, RolloutState | undefined>,
): readonly RolloutChange[] {
  const flag = flagKeyOf(event);
  if (flag === undefined) return [];
  return Object.entries(environmentsOf(state, event, flag)).flatMap(([key, { rollout }]) =>
    rollout === undefined || rollout === before.get(key)
      ? []
      : [{ position: event.position, rollout }],
  );
}

function environmentsOf(
  state: ControlState,
  event: LogEvent,
  flag: string,
): Readonly<Record<string, { readonly rollout?: RolloutState }>> {
  return state.projects.get(event.body.project)?.flags.get(flag)?.environments ?? {};
}

function flagKeyOf({ body }: LogEvent): string | undefined {
  if (body.type === 'flagPut') return body.definition.key;
  return 'flag' in body ? body.flag : undefined;
}
