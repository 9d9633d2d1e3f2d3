import { CAPABILITIES } from '../capabilities.ts';
import type { Condition } from '../condition/types.ts';
import type { JsonValue } from '../json.ts';
import { segmentMentions, segmentsOfFlag } from './dependencies.ts';
import {
  type FlagKind,
  type FlagType,
  SNAPSHOT_FORMAT_VERSION,
  type Snapshot,
  type SnapshotFlag,
  type SnapshotSegment,
} from './types.ts';

/**
 * Stands in a snapshot for a flag that could not be read: it evaluates to the caller's code default, and
 * refers to nothing. What was received is kept, because hashes and copies on disk are of that.
 */
export class UnreadableFlag implements SnapshotFlag {
  readonly key: string;
  readonly kind: FlagKind = 'release';
  readonly type: FlagType = 'boolean';
  readonly variants: Readonly<Record<string, JsonValue>> = {};
  readonly serve = '';
  readonly safe = '';
  readonly down = false;
  readonly rules: SnapshotFlag['rules'] = [];
  readonly requires: SnapshotFlag['requires'] = [];
  readonly conflicts: SnapshotFlag['conflicts'] = [];
  readonly capabilities: readonly string[];
  readonly version: number;
  readonly #received: unknown;
  readonly #why: string;

  /** `why` completes the sentence “the flag …”. */
  constructor(key: string, received: unknown, why: string) {
    const { version, capabilities } = (received ?? {}) as Partial<SnapshotFlag>;
    this.key = key;
    this.version = Number.isSafeInteger(version) ? (version as number) : 0;
    this.capabilities = isTexts(capabilities) ? capabilities : [];
    this.#received = received;
    this.#why = why;
  }

  get why(): string {
    return this.#why;
  }

  /** What was received, in the place of what stands in for it. */
  toJSON(): unknown {
    return this.#received;
  }
}

/** The same for a segment. Flags that ask for it cannot be read either: false would be true under a `not`. */
export class UnreadableSegment implements SnapshotSegment {
  readonly key: string;
  readonly if: Condition = { any: [] };
  readonly #received: unknown;
  readonly #why: string;

  constructor(key: string, received: unknown, why: string) {
    this.key = key;
    this.#received = received;
    this.#why = why;
  }

  get why(): string {
    return this.#why;
  }

  toJSON(): unknown {
    return this.#received;
  }
}

/** A flag or segment as it was received: what its hash is of. */
export function receivedEntry(entry: object): unknown {
  const stands = entry instanceof UnreadableFlag || entry instanceof UnreadableSegment;
  return stands ? entry.toJSON() : entry;
}

/**
 * The flags of a snapshot that this engine cannot read, in the order of the snapshot, and why each: they serve
 * the code default. Looks at each flag once and at segments only where one cannot be read.
 */
export function unreadableFlags(snapshot: Snapshot): ReadonlyMap<string, string> {
  const { flags, formatVersion } = snapshot;
  const found = new Map<string, string>();
  if (formatVersion > SNAPSHOT_FORMAT_VERSION) {
    for (const key of Object.keys(flags)) found.set(key, `is of the newer format ${formatVersion}`);
    return found;
  }
  const segments = unreadableSegments(snapshot.segments);
  for (const [key, flag] of Object.entries(flags)) {
    const why = whyUnreadable(flag, segments);
    if (why !== undefined) found.set(key, why);
  }
  return found;
}

function whyUnreadable(flag: SnapshotFlag, segments: ReadonlySet<string>): string | undefined {
  if (flag instanceof UnreadableFlag) return flag.why;
  const lacking = flag.capabilities.filter((capability) => !CAPABILITIES.includes(capability));
  if (lacking.length > 0) return `needs what this engine lacks: ${lacking.join(', ')}`;
  if (segments.size === 0 || flag.down) return undefined;
  const segment = segmentsOfFlag(flag).find((name) => segments.has(name));
  return segment === undefined ? undefined : `asks for segment ${segment}, which cannot be read`;
}

/** Those that cannot be read, and those that ask for one of them. */
function unreadableSegments(segments: Snapshot['segments']): ReadonlySet<string> {
  const entries = Object.entries(segments);
  const found = new Set<string>();
  for (const [key, segment] of entries) if (segment instanceof UnreadableSegment) found.add(key);
  for (let before = -1; found.size > 0 && before !== found.size;) {
    before = found.size;
    for (const [key, segment] of entries) {
      if (segmentMentions(segment.if).some((name) => found.has(name))) found.add(key);
    }
  }
  return found;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
