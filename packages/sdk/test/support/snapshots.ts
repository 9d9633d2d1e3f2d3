import {
  type Snapshot,
  type SnapshotFlag,
  type SnapshotRollout,
  contentHash,
} from '@downhaul/engine';

export const UNIT_SALT = 'salt-of-tests';

/** A boolean flag that serves off, unless told otherwise. */
export function booleanFlag(key: string, changes: Partial<SnapshotFlag> = {}): SnapshotFlag {
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
    ...changes,
  };
}

/** A measured rollout to `on` in its first stage. */
function rolloutOf(
  flag: string,
  sharePercent: number,
  changes: Partial<SnapshotRollout> = {},
): SnapshotRollout {
  const allocations = [{ sharePerMillion: sharePercent * 10_000 }];
  return {
    id: `default/production/${flag}#1`,
    attempt: 1,
    phase: 'stage',
    stage: 0,
    to: 'on',
    control: 'off',
    unit: 'targetingKey',
    salt: flag,
    allocations,
    peak: allocations,
    measured: true,
    metrics: ['http.error_rate', 'http.latency'],
    ...changes,
  };
}

/** A boolean flag in rollout at a share. */
export function rolloutFlag(
  key: string,
  sharePercent: number,
  changes: Partial<SnapshotRollout> = {},
): SnapshotFlag {
  return booleanFlag(key, {
    rollout: rolloutOf(key, sharePercent, changes),
    capabilities: ['rollout'],
  });
}

/** A valid snapshot of these flags. */
export function snapshotOf(version: number, flags: readonly SnapshotFlag[]): Snapshot {
  const content = {
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
    segments: {},
  };
  return {
    formatVersion: 1,
    project: 'default',
    environment: 'production',
    version,
    hash: contentHash(content),
    unitSalt: UNIT_SALT,
    ...content,
  };
}
