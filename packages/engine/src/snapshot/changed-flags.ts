import { canonicalJson } from './canonical-json.ts';
import {
  conflictingFlags,
  requiredFlags,
  segmentMentions,
  segmentsOfFlag,
} from './dependencies.ts';
import type { Snapshot, SnapshotDelta, SnapshotFlag } from './types.ts';
import { receivedEntry } from './unreadable.ts';

/**
 * The keys of the flags that may evaluate differently in a later snapshot: added, removed and changed
 * ones, and those that depend on one of them or on a changed segment, in either snapshot. Sorted.
 */
export function changedFlags(before: Snapshot, after: Snapshot | SnapshotDelta): readonly string[] {
  const change = 'set' in after ? changeOfDelta(before, after) : changeOfSnapshots(before, after);
  const segments = withDependants(change.segments, segmentUsers(change));
  const affected = new Set(change.flags);
  const users = flagUsers(change, segments, affected);
  return [...withDependants(affected, users)].sort();
}

/** The keys whose entries differ between two records: by identity, else by content. */
export function changedKeys<Entry extends object>(
  before: Readonly<Record<string, Entry>>,
  after: Readonly<Record<string, Entry>>,
): readonly string[] {
  const changed: string[] = [];
  for (const key of Object.keys(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (old === undefined || !sameContent(old, after[key]!)) changed.push(key);
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changed.push(key);
  return changed;
}

interface Change {
  readonly flags: readonly string[];
  readonly segments: readonly string[];
  /** The contents whose references count: a dependency given up matters as much as a new one. */
  readonly contents: readonly Pick<Snapshot, 'flags' | 'segments'>[];
}

function changeOfSnapshots(before: Snapshot, after: Snapshot): Change {
  return {
    flags: changedKeys(before.flags, after.flags),
    segments: changedKeys(before.segments, after.segments),
    contents: [before, after],
  };
}

function changeOfDelta(before: Snapshot, { set, removed }: SnapshotDelta): Change {
  return {
    flags: [...Object.keys(set.flags), ...removed.flags],
    segments: [...Object.keys(set.segments), ...removed.segments],
    contents: [before, set],
  };
}

type Users = Map<string, Set<string>>;

function segmentUsers({ segments, contents }: Change): Users {
  const users: Users = new Map();
  if (segments.length === 0) return users;
  for (const content of contents) {
    for (const [key, segment] of Object.entries(content.segments)) {
      for (const inner of segmentMentions(segment.if)) addUser(users, inner, key);
    }
  }
  return users;
}

/** Who uses which flag; a flag that uses a changed segment is added to `affected` in passing. */
function flagUsers(
  { contents }: Change,
  segments: ReadonlySet<string>,
  affected: Set<string>,
): Users {
  const users: Users = new Map();
  for (const content of contents) {
    for (const [key, flag] of Object.entries(content.flags)) {
      if (segments.size > 0 && segmentsOfFlag(flag).some((segment) => segments.has(segment))) {
        affected.add(key);
      }
      addFlagUses(users, key, flag);
    }
  }
  return users;
}

function addFlagUses(users: Users, key: string, flag: SnapshotFlag): void {
  for (const required of requiredFlags(flag)) addUser(users, required, key);
  for (const other of conflictingFlags(flag)) {
    addUser(users, other, key);
    addUser(users, key, other);
  }
}

function addUser(users: Users, used: string, user: string): void {
  const known = users.get(used);
  if (known === undefined) users.set(used, new Set([user]));
  else known.add(user);
}

function withDependants(start: Iterable<string>, users: Users): ReadonlySet<string> {
  const reached = new Set(start);
  // A Set's iteration also visits what is added meanwhile.
  for (const key of reached) for (const user of users.get(key) ?? []) reached.add(user);
  return reached;
}

function sameContent(a: object, b: object): boolean {
  return a === b || textOf(a) === textOf(b);
}

function textOf(entry: object): string {
  return canonicalJson(receivedEntry(entry) as never);
}
