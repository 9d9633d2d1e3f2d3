import { hash64Text, parseHash64 } from '../hash/hash64.ts';
import { changedKeys } from './changed-flags.ts';
import { flagHash, replaceHashes, segmentHash } from './content-hash.ts';
import { SNAPSHOT_FORMAT_VERSION, type Snapshot, type SnapshotDelta } from './types.ts';

/** A delta applied, or why not; after a failure the full snapshot is to be asked for. */
export type DeltaResult =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | {
      readonly ok: false;
      /** `format`: newer than this engine; `base`: made for another version; `hash`: the result differs. */
      readonly failure: 'format' | 'base' | 'hash';
      readonly message: string;
    };

/**
 * What leads from one snapshot to a later one of the same environment. Undefined if a delta cannot say
 * it, because project, environment, format or unit salt differ: send the whole snapshot then.
 */
export function diffSnapshots(before: Snapshot, after: Snapshot): SnapshotDelta | undefined {
  if (!sameLineage(before, after)) return undefined;
  const flags = changedKeys(before.flags, after.flags);
  const segments = changedKeys(before.segments, after.segments);
  return {
    formatVersion: after.formatVersion,
    baseVersion: before.version,
    version: after.version,
    hash: after.hash,
    set: { flags: pick(after.flags, flags), segments: pick(after.segments, segments) },
    removed: { flags: missing(after.flags, flags), segments: missing(after.segments, segments) },
  };
}

/** The snapshot that a delta leads to. Entries that did not change stay the same objects. */
export function applyDelta(snapshot: Snapshot, delta: SnapshotDelta): DeltaResult {
  if (
    delta.formatVersion > SNAPSHOT_FORMAT_VERSION ||
    delta.formatVersion !== snapshot.formatVersion
  ) {
    return failure('format', `the delta has format ${delta.formatVersion}`);
  }
  if (delta.baseVersion !== snapshot.version) {
    return failure(
      'base',
      `the delta is for version ${delta.baseVersion}, not ${snapshot.version}`,
    );
  }
  const hash = resultingHash(snapshot, delta);
  if (hash !== delta.hash) {
    return failure('hash', `the result has hash ${hash ?? 'none'}, the delta names ${delta.hash}`);
  }
  return {
    ok: true,
    snapshot: {
      ...snapshot,
      version: delta.version,
      hash,
      flags: replace(snapshot.flags, delta.set.flags, delta.removed.flags),
      segments: replace(snapshot.segments, delta.set.segments, delta.removed.segments),
    },
  };
}

type Entries<Entry> = Readonly<Record<string, Entry>>;

function sameLineage(a: Snapshot, b: Snapshot): boolean {
  return (
    a.project === b.project &&
    a.environment === b.environment &&
    a.formatVersion === b.formatVersion &&
    a.unitSalt === b.unitSalt
  );
}

function failure(kind: 'format' | 'base' | 'hash', message: string): DeltaResult {
  return { ok: false, failure: kind, message };
}

function resultingHash(snapshot: Snapshot, { set, removed }: SnapshotDelta): string | undefined {
  const sum = parseHash64(snapshot.hash);
  if (sum === undefined) return undefined;
  const outFlags = pick(snapshot.flags, [...Object.keys(set.flags), ...removed.flags]);
  const outSegments = pick(snapshot.segments, [...Object.keys(set.segments), ...removed.segments]);
  const out = [
    ...Object.values(outFlags).map(flagHash),
    ...Object.values(outSegments).map(segmentHash),
  ];
  const added = [
    ...Object.values(set.flags).map(flagHash),
    ...Object.values(set.segments).map(segmentHash),
  ];
  return hash64Text(replaceHashes(sum, out, added));
}

function pick<Entry>(entries: Entries<Entry>, keys: readonly string[]): Entries<Entry> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
      return entry === undefined ? [] : [[key, entry] as const];
    }),
  );
}

function missing<Entry>(entries: Entries<Entry>, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !Object.hasOwn(entries, key));
}

function replace<Entry>(
  entries: Entries<Entry>,
  set: Entries<Entry>,
  removed: readonly string[],
): Entries<Entry> {
  if (removed.length === 0 && Object.keys(set).length === 0) return entries;
  const result: Record<string, Entry> = { ...entries };
  for (const key of removed) delete result[key];
  return Object.assign(result, set);
}
