import type { ControlState, ProjectState } from './types.ts';

/**
 * Of the text below; another one is not read, and the log is folded instead. Raise it whenever the same log folds to
 * another state: the checks of a log compare what is cached with what it folds to.
 */
const STATE_FORMAT_VERSION = 1;

/** The state as one JSON text, for a cache of it: the log stays the truth. */
export function serializeState(state: ControlState): string {
  return JSON.stringify({
    formatVersion: STATE_FORMAT_VERSION,
    position: state.position,
    projects: [...state.projects.values()].map((project) => ({
      key: project.key,
      environments: [...project.environments.values()],
      flags: [...project.flags.values()],
      segments: [...project.segments.values()],
      plans: [...project.plans.values()],
      metrics: [...project.metrics.values()],
      rehearsals: [...project.rehearsals.values()],
      mentions: [...project.mentions],
    })),
    tokens: [...state.tokens.values()],
    proofs: [...state.proofs.values()],
    ...(state.losses ? { losses: state.losses } : {}),
    ...(state.telemetry ? { telemetry: state.telemetry } : {}),
  });
}

/** The state that `serializeState` wrote. Throws on a text of another format: fold the log then. */
export function deserializeState(text: string): ControlState {
  const stored = JSON.parse(text) as StoredState;
  if (stored.formatVersion !== STATE_FORMAT_VERSION) {
    throw new Error(`a state of format ${stored.formatVersion} is not of ${STATE_FORMAT_VERSION}`);
  }
  return {
    position: stored.position,
    projects: new Map(stored.projects.map((project) => [project.key, projectOf(project)])),
    tokens: byId(stored.tokens),
    proofs: byId(stored.proofs),
    ...(stored.losses ? { losses: stored.losses } : {}),
    ...(stored.telemetry ? { telemetry: stored.telemetry } : {}),
  };
}

interface StoredState {
  readonly formatVersion: number;
  readonly position: number;
  readonly projects: readonly StoredProject[];
  readonly tokens: readonly ValueOf<ControlState['tokens']>[];
  readonly proofs: readonly ValueOf<ControlState['proofs']>[];
  readonly losses?: NonNullable<ControlState['losses']>;
  readonly telemetry?: NonNullable<ControlState['telemetry']>;
}

interface StoredProject {
  readonly key: string;
  readonly environments: readonly ValueOf<ProjectState['environments']>[];
  readonly flags: readonly ValueOf<ProjectState['flags']>[];
  readonly segments: readonly ValueOf<ProjectState['segments']>[];
  readonly plans: readonly ValueOf<ProjectState['plans']>[];
  /** Absent: written by a release that knew no metrics with documents. */
  readonly metrics?: readonly ValueOf<ProjectState['metrics']>[];
  /** Absent: written by a release without rehearsals. */
  readonly rehearsals?: readonly ValueOf<ProjectState['rehearsals']>[];
  readonly mentions: readonly (readonly [string, ValueOf<ProjectState['mentions']>])[];
}

type ValueOf<Entries> = Entries extends Map<string, infer Value> ? Value : never;

function projectOf({
  key,
  environments,
  flags,
  segments,
  plans,
  metrics = [],
  rehearsals = [],
  mentions,
}: StoredProject): ProjectState {
  return {
    key,
    environments: byKey(environments),
    flags: byKey(flags),
    segments: byKey(segments),
    plans: new Map(plans.map((entry) => [entry.plan.key, entry])),
    metrics: byKey(metrics),
    rehearsals: byKey(rehearsals),
    mentions: new Map(mentions),
  };
}

function byKey<Value extends { readonly key: string }>(
  values: readonly Value[],
): Map<string, Value> {
  return new Map(values.map((value) => [value.key, value]));
}

function byId<Value extends { readonly id: string }>(values: readonly Value[]): Map<string, Value> {
  return new Map(values.map((value) => [value.id, value]));
}
