import { type Snapshot, type SnapshotFlag, contentHash } from '@downhaul/engine';
import type { JsonValue } from '@openfeature/server-sdk';
import { typeOfDefault } from '../client/details.ts';

export type FlagValues = Readonly<Record<string, JsonValue>>;

/** A snapshot in which every flag serves its value to everyone. */
export function snapshotOfValues(values: FlagValues, version: number): Snapshot {
  const flags = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, flagOf(key, value, version)]),
  );
  const content = { flags, segments: {} };
  return {
    formatVersion: 1,
    project: 'default',
    environment: 'test',
    version,
    hash: contentHash(content),
    unitSalt: 'test',
    ...content,
  };
}

function flagOf(key: string, value: JsonValue, version: number): SnapshotFlag {
  return {
    key,
    kind: 'release',
    type: typeOfDefault(value),
    variants: { value },
    serve: 'value',
    safe: 'value',
    down: false,
    rules: [],
    requires: [],
    conflicts: [],
    capabilities: [],
    version,
  };
}
