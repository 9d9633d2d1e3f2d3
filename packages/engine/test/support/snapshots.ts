import {
  contentHash,
  type Snapshot,
  type SnapshotFlag,
  type SnapshotRollout,
  type SnapshotSegment,
} from '@downhaul/engine';

/** A boolean flag that is off; everything can be given instead. */
export function flagOf(key: string, parts: Partial<SnapshotFlag> = {}): SnapshotFlag {
  return {
    key,
    kind: 'release',
    type: 'boolean',
    variants: { on: true, off: false },
    serve: 'off',
    safe: 'off',
    down: false,
    rules: [],
    requires: [],
    conflicts: [],
    capabilities: [],
    version: 1,
    ...parts,
  };
}

/** A rollout from off to on at a share, its peak the same. */
export function rolloutOf(
  key: string,
  sharePerMillion: number,
  parts: Partial<SnapshotRollout> = {},
): SnapshotRollout {
  return {
    id: `default/production/${key}#1`,
    attempt: 1,
    phase: 'stage',
    stage: 0,
    to: 'on',
    control: 'off',
    unit: 'targetingKey',
    salt: key,
    allocations: [{ sharePerMillion }],
    peak: [{ sharePerMillion }],
    measured: true,
    metrics: [],
    ...parts,
  };
}

/** A snapshot of flags and segments with the right hash. */
export function snapshotOf(
  flags: readonly SnapshotFlag[],
  segments: readonly SnapshotSegment[] = [],
  parts: Partial<Snapshot> = {},
): Snapshot {
  const content = {
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
    segments: Object.fromEntries(segments.map((segment) => [segment.key, segment])),
  };
  return {
    formatVersion: 1,
    project: 'default',
    environment: 'production',
    version: 1,
    unitSalt: 'salt',
    hash: contentHash(content),
    ...content,
    ...parts,
  };
}
