import {
  type Evaluator,
  SNAPSHOT_FORMAT_VERSION,
  type Snapshot,
  compile,
  recompile,
  unreadableFlags,
} from '@downhaul/engine';
import type { FlagMetadata } from '../client/types.ts';
import { type Measurement, NO_MEASUREMENT, measurementOf } from '../telemetry/measured-rollout.ts';

/** A snapshot ready for use. It never changes; a newer one takes its place as a whole. */
export interface Held {
  readonly snapshot: Snapshot;
  readonly evaluator: Evaluator;
  readonly measurement: Measurement;
  /** Flags that `down` reaches: those that are down, and what requires them. */
  readonly reachedByDown: ReadonlySet<string>;
  /** Flags that cannot be read, and why: they are their code defaults. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly metadata: Map<string, FlagMetadata>;
}

interface HoldInput {
  readonly snapshot: Snapshot;
  readonly previous: Held | undefined;
  /** Flags that may evaluate differently than in `previous`. */
  readonly changed: readonly string[];
}

/** Makes a validated snapshot ready, taking over from the previous one what did not change. */
export function hold({ snapshot, previous, changed }: HoldInput): Held {
  // The content of a newer format is not read: all its flags serve the code default.
  const isReadable = snapshot.formatVersion <= SNAPSHOT_FORMAT_VERSION;
  return {
    snapshot,
    evaluator: previous ? recompile(previous.evaluator, snapshot, changed) : compile(snapshot),
    measurement: isReadable ? measurementOf(snapshot, previous?.measurement) : NO_MEASUREMENT,
    reachedByDown: isReadable ? reachedByDown(snapshot) : new Set(),
    unreadable: unreadableFlags(snapshot),
    metadata: new Map(),
  };
}

/** `version` and `flagSetId` are the keys that OpenFeature's telemetry conventions read. */
export function metadataOf(held: Held, flagKey: string): FlagMetadata {
  const known = held.metadata.get(flagKey);
  if (known) return known;
  const { snapshot } = held;
  const flagSetId = `${snapshot.project}/${snapshot.environment}`;
  const flag = Object.hasOwn(snapshot.flags, flagKey) ? snapshot.flags[flagKey] : undefined;
  if (!flag) return { flagSetId, snapshotVersion: snapshot.version };
  const metadata: FlagMetadata = Object.freeze({
    version: flag.version,
    flagSetId,
    snapshotVersion: snapshot.version,
    ...(flag.rollout && { rollout: flag.rollout.id, stage: flag.rollout.stage }),
  });
  held.metadata.set(flagKey, metadata);
  return metadata;
}

function reachedByDown(snapshot: Snapshot): ReadonlySet<string> {
  const flags = Object.values(snapshot.flags);
  const reached = new Set(flags.filter((flag) => flag.down).map((flag) => flag.key));
  for (let before = -1; reached.size > 0 && before !== reached.size;) {
    before = reached.size;
    for (const flag of flags) {
      if (flag.requires.some((required) => reached.has(required.flag))) reached.add(flag.key);
    }
  }
  return reached;
}
