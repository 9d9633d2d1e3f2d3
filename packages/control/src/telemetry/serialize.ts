import { senderKey } from './counted/sender.ts';
import type { Sender } from './counted/types.ts';
import type { FoldFault } from './fault/types.ts';
import { instanceKey } from './instance/instance-key.ts';
import type { InstanceState } from './instance/types.ts';
import type { TelemetryOptions } from './options.ts';
import type { PendingOutcomes } from './outcome/pending.ts';
import {
  deserializeRollout,
  type SerializedRollout,
  serializeRollout,
} from './rollout/serialize.ts';
import type { EnvironmentTelemetry, MetricArrival, TelemetryState } from './state.ts';
import type { MetricHours } from './hours/types.ts';
import { lossKey } from './losses/note-losses.ts';
import type { Loss } from './losses/types.ts';
import type { TrafficSlot } from './traffic/types.ts';
import { upgradeUses } from './upgrade.ts';

/** The state as plain data that survives `JSON.stringify` and back. */
export interface SerializedTelemetry {
  readonly formatVersion: number;
  readonly options: TelemetryOptions;
  readonly throughSequence: number;
  readonly atMs: number;
  readonly environments: readonly SerializedEnvironment[];
  readonly rollouts: readonly SerializedRollout[];
  /** Absent in checkpoints of releases that passed such rows over and kept nothing of them. */
  readonly faults?: readonly (readonly [string, FoldFault])[];
  readonly unattributed?: FoldFault;
}

/**
 * Raised when a checkpoint means something else than one of an earlier release. One that cannot be read any more
 * is folded anew from its rows.
 */
export const TELEMETRY_FORMAT_VERSION = 9;
/** The last one in which uses of treatment were kept by the name of an instance alone. */
const USES_BY_NAME = 8;

interface SerializedEnvironment extends Pick<
  EnvironmentTelemetry,
  'project' | 'environment' | 'measured' | 'prunedAtMs'
> {
  readonly instances: readonly InstanceState[];
  readonly senders: readonly Sender[];
  /** Absent where nobody told of it yet. */
  readonly evaluated?: readonly (readonly [string, readonly string[]])[];
  readonly pending: SerializedPending;
  readonly syntheticPending: SerializedPending;
  readonly metrics: readonly (readonly [string, readonly (readonly [string, MetricArrival])[]])[];
  readonly traffic: readonly (readonly [string, TrafficSlot[]])[];
  readonly hours: readonly (readonly [string, readonly (readonly [string, MetricHours])[]])[];
  /** Absent in checkpoints of before they were kept. */
  readonly losses?: readonly Loss[];
}

interface SerializedPending extends Omit<PendingOutcomes, 'newer' | 'older'> {
  readonly newer: readonly (readonly [string, PendingItems])[];
  readonly older: readonly (readonly [string, PendingItems])[];
}

type PendingItems = PendingOutcomes['newer'] extends Map<string, infer Items> ? Items : never;

/**
 * A checkpoint of the state: plain data that shares parts with it, to be written down before the next
 * row is folded.
 */
export function serializeTelemetry(state: TelemetryState): SerializedTelemetry {
  return {
    formatVersion: TELEMETRY_FORMAT_VERSION,
    options: state.options,
    throughSequence: state.throughSequence,
    atMs: state.atMs,
    environments: [...state.environments.values()].map(serializeEnvironment),
    rollouts: [...state.rollouts.values()].map(serializeRollout),
    faults: [...state.faults],
    ...(state.unattributed === undefined ? {} : { unattributed: state.unattributed }),
  };
}

/**
 * The state of a checkpoint; folding goes on exactly as if it had never stopped. Undefined for a
 * checkpoint of a format that cannot be read: the caller folds all rows anew. Takes possession of what it is given.
 */
export function deserializeTelemetry(serialized: SerializedTelemetry): TelemetryState | undefined {
  const { formatVersion } = serialized;
  if (formatVersion !== TELEMETRY_FORMAT_VERSION && formatVersion !== USES_BY_NAME)
    return undefined;
  const environments = serialized.environments.map(deserializeEnvironment);
  const rollouts = serialized.rollouts.map(deserializeRollout);
  const state: TelemetryState = {
    options: serialized.options,
    throughSequence: serialized.throughSequence,
    atMs: serialized.atMs,
    environments: new Map(
      environments.map((found) => [`${found.project}/${found.environment}`, found]),
    ),
    rollouts: new Map(rollouts.map((telemetry) => [telemetry.id, telemetry])),
    faults: new Map(serialized.faults ?? []),
    ...(serialized.unattributed === undefined ? {} : { unattributed: serialized.unattributed }),
  };
  if (formatVersion === USES_BY_NAME) upgradeUses(state);
  return state;
}

function serializeEnvironment(environment: EnvironmentTelemetry): SerializedEnvironment {
  const { project, measured, prunedAtMs, pending } = environment;
  return {
    project,
    environment: environment.environment,
    measured,
    prunedAtMs,
    instances: [...environment.instances.values()],
    senders: [...environment.senders.values()],
    evaluated: [...environment.evaluated].map(([service, flags]) => [service, [...flags]]),
    pending: serializePending(pending),
    syntheticPending: serializePending(environment.syntheticPending),
    metrics: [...environment.metrics].map(([service, arrivals]) => [service, [...arrivals]]),
    traffic: [...environment.traffic],
    losses: [...environment.losses.values()],
    hours: [...environment.hours].map(([service, metrics]) => [service, [...metrics]]),
  };
}

function deserializeEnvironment(serialized: SerializedEnvironment): EnvironmentTelemetry {
  return {
    project: serialized.project,
    environment: serialized.environment,
    measured: serialized.measured,
    prunedAtMs: serialized.prunedAtMs,
    instances: new Map(
      serialized.instances.map((instance) => [
        instanceKey(instance.service, instance.id),
        instance,
      ]),
    ),
    senders: new Map(serialized.senders.map((sender) => [senderKey(sender), sender])),
    evaluated: new Map(
      (serialized.evaluated ?? []).map(([service, flags]) => [service, new Set(flags)]),
    ),
    pending: deserializePending(serialized.pending),
    syntheticPending: deserializePending(serialized.syntheticPending),
    metrics: new Map(serialized.metrics.map(([service, arrivals]) => [service, new Map(arrivals)])),
    traffic: new Map(serialized.traffic),
    losses: new Map((serialized.losses ?? []).map((loss) => [lossKey(loss), loss])),
    hours: new Map(serialized.hours.map(([service, metrics]) => [service, new Map(metrics)])),
  };
}

function serializePending(pending: PendingOutcomes): SerializedPending {
  return { ...pending, newer: [...pending.newer], older: [...pending.older] };
}

function deserializePending(serialized: SerializedPending): PendingOutcomes {
  return {
    ...serialized,
    newer: new Map(serialized.newer),
    older: new Map(serialized.older),
  };
}
