import type { SnapshotDelta } from '@downhaul/engine';

/** One delta that says what several in a row say, the oldest first. */
export function mergeDeltas(deltas: readonly [SnapshotDelta, ...SnapshotDelta[]]): SnapshotDelta {
  return deltas.reduce((first, second) => ({
    ...second,
    baseVersion: first.baseVersion,
    set: {
      flags: { ...without(first.set.flags, second.removed.flags), ...second.set.flags },
      segments: { ...without(first.set.segments, second.removed.segments), ...second.set.segments },
    },
    removed: {
      flags: joined(first.removed.flags, second.removed.flags, second.set.flags),
      segments: joined(first.removed.segments, second.removed.segments, second.set.segments),
    },
  }));
}

type Entries<Entry> = Readonly<Record<string, Entry>>;

function without<Entry>(entries: Entries<Entry>, keys: readonly string[]): Entries<Entry> {
  if (keys.length === 0) return entries;
  return Object.fromEntries(Object.entries(entries).filter(([key]) => !keys.includes(key)));
}

/** What was removed at any time and is not there again. */
function joined(
  first: readonly string[],
  second: readonly string[],
  set: Entries<unknown>,
): readonly string[] {
  const earlier = first.filter((key) => !Object.hasOwn(set, key));
  return [...new Set([...earlier, ...second])];
}
