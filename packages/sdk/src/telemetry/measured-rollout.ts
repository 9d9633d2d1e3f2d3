import {
  type Arm,
  compileUnit,
  type Snapshot,
  type SnapshotRollout,
  type UnitReader,
} from '@downhaul/engine';
import { SeenUnits } from './seen-units.ts';
import { type SliceReader, compileSliceReader } from './slice-reader.ts';

/** Units remembered per generation, over all rollouts of an instance: about 20 MB at the most. */
const REMEMBERED_UNITS = 100_000;
const LEAST_REMEMBERED = 500;
/** Synthetic units are few, and must not make people's be forgotten. */
const REMEMBERED_SYNTHETIC = 500;

export interface ActivityCount {
  count: number;
  lastAtMs: number;
}

/** What telemetry keeps for a measured rollout of one snapshot version. */
export interface MeasuredRollout {
  readonly flag: string;
  readonly id: string;
  readonly stage: number;
  /** Of the snapshot that decides. */
  readonly version: number;
  readonly unitAttribute: string;
  readonly readUnit: UnitReader;
  readonly readSlices: SliceReader;
  readonly people: MeasuredTraffic;
  readonly synthetic: MeasuredTraffic;
}

/** People's traffic and synthetic one are remembered and counted apart. */
export interface MeasuredTraffic {
  /** Shared by all versions in which the rollout is at this stage. */
  readonly seen: SeenUnits;
  readonly activity: Readonly<Record<Arm, ActivityCount>>;
}

/** An attribute that identifies units, how it is read, and the names that lead to it. */
export interface MeasuredUnit {
  readonly attribute: string;
  readonly read: UnitReader;
  readonly path: readonly string[];
}

/** A snapshot's side of telemetry: which rollouts, units and metrics are reported at all. */
export interface Measurement {
  readonly rollouts: ReadonlyMap<string, MeasuredRollout>;
  readonly units: readonly MeasuredUnit[];
  readonly metrics: ReadonlySet<string>;
}

export const NO_MEASUREMENT: Measurement = { rollouts: new Map(), units: [], metrics: new Set() };

/** Seen units of a rollout that stays at its stage are taken over from `previous`. */
export function measurementOf(snapshot: Snapshot, previous: Measurement | undefined): Measurement {
  const rollouts = new Map<string, MeasuredRollout>();
  const attributes = new Set<string>();
  const metrics = new Set<string>();
  for (const { key, rollout } of Object.values(snapshot.flags)) {
    if (!rollout?.measured) continue;
    attributes.add(rollout.unit);
    for (const metric of rollout.metrics) metrics.add(metric);
    const seen = seenBefore(previous?.rollouts.get(key), rollout);
    rollouts.set(key, measuredRollout({ flag: key, rollout, version: snapshot.version, ...seen }));
  }
  const limit = Math.max(LEAST_REMEMBERED, Math.floor(REMEMBERED_UNITS / (rollouts.size || 1)));
  for (const { people } of rollouts.values()) people.seen.resize(limit);
  const units = [...attributes].map((attribute) => ({
    attribute,
    read: compileUnit(attribute),
    path: attribute.split('.'),
  }));
  return { rollouts, units, metrics };
}

interface Seen {
  readonly people: SeenUnits;
  readonly synthetic: SeenUnits;
}

function seenBefore(previous: MeasuredRollout | undefined, rollout: SnapshotRollout): Seen {
  if (previous?.id === rollout.id && previous.stage === rollout.stage) {
    return { people: previous.people.seen, synthetic: previous.synthetic.seen };
  }
  return {
    people: new SeenUnits(LEAST_REMEMBERED),
    synthetic: new SeenUnits(REMEMBERED_SYNTHETIC),
  };
}

interface MeasuredRolloutInput extends Seen {
  readonly flag: string;
  readonly rollout: SnapshotRollout;
  readonly version: number;
}

function measuredRollout(input: MeasuredRolloutInput): MeasuredRollout {
  const { flag, rollout, version, people, synthetic } = input;
  return {
    flag,
    id: rollout.id,
    stage: rollout.stage,
    version,
    unitAttribute: rollout.unit,
    readUnit: compileUnit(rollout.unit),
    readSlices: compileSliceReader(rollout.slices),
    people: measuredTraffic(people),
    synthetic: measuredTraffic(synthetic),
  };
}

function measuredTraffic(seen: SeenUnits): MeasuredTraffic {
  return {
    seen,
    activity: {
      control: { count: 0, lastAtMs: 0 },
      treatment: { count: 0, lastAtMs: 0 },
    },
  };
}
