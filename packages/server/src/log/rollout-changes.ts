import type {
  ControlState,
  FlagEnvironmentState,
  LogEvent,
  RolloutChange,
} from '@downhaul/control';

/** What the telemetry fold knows of a flag before an event. */
interface TouchedRollouts {
  readonly places: ReadonlyMap<string, FlagEnvironmentState>;
  readonly affects: readonly string[];
}

/** The rollouts that an event may touch, as they stand now; to be taken before the event is folded. */
export function rolloutsTouchedBy(state: ControlState, event: LogEvent): TouchedRollouts {
  const flag = flagOf(state, event);
  return {
    places: new Map(Object.entries(flag?.environments ?? {})),
    affects: flag?.definition.affects ?? [],
  };
}

/** The rollouts that the event changed, as the telemetry fold has to hear of them. */
export function rolloutChanges(
  state: ControlState,
  event: LogEvent,
  before: TouchedRollouts,
): readonly RolloutChange[] {
  const flag = flagOf(state, event);
  if (flag === undefined) return [];
  const { affects } = flag.definition;
  const isSame = affects.join('\n') === before.affects.join('\n');
  return Object.entries(flag.environments).flatMap(([key, { rollout, excluded }]) => {
    if (rollout === undefined) return [];
    const known = before.places.get(key);
    const isKnown = rollout === known?.rollout && excluded === known?.excluded;
    // Of a rollout that is over nobody asks any more which services it affects.
    if (isKnown && (isSame || rollout.status === 'ended')) return [];
    const sources = excluded === undefined ? {} : { excluded };
    return [{ position: event.position, rollout, affects, ...sources }];
  });
}

function flagOf(state: ControlState, { body }: LogEvent) {
  const key =
    body.type === 'flagPut' ? body.definition.key : 'flag' in body ? body.flag : undefined;
  return key === undefined ? undefined : state.projects.get(body.project)?.flags.get(key);
}
