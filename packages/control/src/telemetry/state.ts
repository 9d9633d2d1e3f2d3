import type { FoldFault } from './fault/types.ts';
import type { Sender } from './counted/types.ts';
import type { PendingOutcomes } from './outcome/pending.ts';
import { createPendingOutcomes } from './outcome/pending.ts';
import type { InstanceState } from './instance/types.ts';
import { DEFAULT_TELEMETRY_OPTIONS, type TelemetryOptions } from './options.ts';
import type { RolloutTelemetry } from './rollout/types.ts';
import type { EnvironmentHours } from './hours/types.ts';
import type { Loss } from './losses/types.ts';
import type { TrafficSlot } from './traffic/types.ts';

/** The fold of the intake and nothing else. Changed in place by `foldIntake`. */
export interface TelemetryState {
  readonly options: TelemetryOptions;
  /** Sequence of the last row folded in; rows at or below it are ignored. */
  throughSequence: number;
  /** Store time of that row. */
  atMs: number;
  /** By `project/environment`. */
  readonly environments: Map<string, EnvironmentTelemetry>;
  /** By rollout id. */
  readonly rollouts: Map<string, RolloutTelemetry>;
  /** What could not be folded, by rollout id; also of rollouts that could not begin. */
  readonly faults: Map<string, FoldFault>;
  /** What could not be folded and names no rollout. */
  unattributed?: FoldFault;
}

export interface EnvironmentTelemetry {
  readonly project: string;
  readonly environment: string;
  readonly instances: Map<string, InstanceState>;
  /** Processes that tell by OTLP, by name. */
  readonly senders: Map<string, Sender>;
  readonly pending: PendingOutcomes;
  /** The same of synthetic traffic, so that it makes no person's outcome be forgotten. */
  readonly syntheticPending: PendingOutcomes;
  /** The flags that each service ever evaluated, as far as it told. */
  readonly evaluated: Map<string, Set<string>>;
  /** When each service last reported each metric, and how many items in all. */
  readonly metrics: Map<string, Map<string, MetricArrival>>;
  /** What each service saw lately, measured or not: the oldest slot first. */
  readonly traffic: Map<string, TrafficSlot[]>;
  /** What each service told of each metric in the last days and weeks. */
  readonly hours: EnvironmentHours;
  /** What reports told and counts nowhere, by `lossKey`. */
  readonly losses: Map<string, Loss>;
  /** Rollouts that still count, in the order they came. */
  readonly measured: string[];
  prunedAtMs: number;
}

export interface MetricArrival {
  lastAtMs: number;
  items: number;
}

/** An empty state. Options that are left out take their defaults. */
export function createTelemetryState(options: Partial<TelemetryOptions> = {}): TelemetryState {
  return {
    options: { ...DEFAULT_TELEMETRY_OPTIONS, ...options },
    throughSequence: 0,
    atMs: 0,
    environments: new Map(),
    rollouts: new Map(),
    faults: new Map(),
  };
}

/** Name of an environment across projects. */
export function environmentKey(place: { project: string; environment: string }): string {
  return `${place.project}/${place.environment}`;
}

/** The environment's part, made when it is first heard of. */
export function environmentTelemetry(
  state: TelemetryState,
  place: { readonly project: string; readonly environment: string },
): EnvironmentTelemetry {
  const key = environmentKey(place);
  let found = state.environments.get(key);
  if (found === undefined) {
    found = {
      project: place.project,
      environment: place.environment,
      instances: new Map(),
      senders: new Map(),
      evaluated: new Map(),
      pending: createPendingOutcomes(),
      syntheticPending: createPendingOutcomes(),
      metrics: new Map(),
      traffic: new Map(),
      hours: new Map(),
      losses: new Map(),
      measured: [],
      prunedAtMs: state.atMs,
    };
    state.environments.set(key, found);
  }
  return found;
}
