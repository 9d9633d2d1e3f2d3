import { contentHash } from '../snapshot/content-hash.ts';
import {
  SNAPSHOT_FORMAT_VERSION,
  type Snapshot,
  type SnapshotDelta,
  type SnapshotFlag,
  type SnapshotSegment,
} from '../snapshot/types.ts';
import { UnreadableFlag, UnreadableSegment } from '../snapshot/unreadable.ts';
import { checkFlag, lacksCapability } from './flag.ts';
import { type Problem, ProblemList } from './problems.ts';
import { checkSegment } from './segment.ts';
import { isObject, type Members } from './shape.ts';
import { checkDeltaHead, checkSnapshotHead, checkUnfamiliar } from './snapshot.ts';

/** What could be made of a snapshot or delta, or why nothing. */
export type Reading<Content> =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a snapshot from disk or the network for use, with bounded work and without ever throwing. A flag that is
 * not as it should be, or needs what this engine lacks, is replaced by an `UnreadableFlag`, which serves the
 * code default, and a segment likewise: one bad entry is never the end of the others. Refused is only what is no
 * snapshot at all, is not what its hash says, or is too much. What is written is judged by `validateSnapshot`.
 */
export function readSnapshot(candidate: unknown): Reading<Snapshot> {
  return reading((list) => {
    if (!checkSnapshotHead(candidate, list)) return undefined;
    const { formatVersion, hash } = candidate;
    const hashed = formatVersion > SNAPSHOT_FORMAT_VERSION ? hash : contentHash(candidate);
    if (hashed !== hash) {
      list.add('hash', `must be ${hashed}, the hash of the content`);
      return undefined;
    }
    return { ...candidate, ...readContent(candidate, formatVersion, list) };
  });
}

/** Reads a delta like a snapshot. Its hash is judged by `applyDelta`. */
export function readDelta(candidate: unknown): Reading<SnapshotDelta> {
  return reading((list) => {
    if (!checkDeltaHead(candidate, list)) return undefined;
    return { ...candidate, set: readContent(candidate.set, candidate.formatVersion, list) };
  });
}

/** Parsed JSON cannot throw when it is read, but may nest deeper than can be hashed. */
function reading<Content>(read: (list: ProblemList) => Content | undefined): Reading<Content> {
  const list = new ProblemList();
  try {
    const content = read(list);
    if (content !== undefined && list.problems.length === 0) return { ok: true, content };
  } catch {
    list.add('', 'could not be read');
  }
  return { ok: false, problems: list.problems };
}

type Content = Pick<Snapshot, 'flags' | 'segments'>;

function readContent(content: Content, formatVersion: number, list: ProblemList): Content {
  const isNewer = formatVersion > SNAPSHOT_FORMAT_VERSION;
  const { flags, segments } = content;
  return {
    flags: readEntries(flags, list, (flag, key, own) => {
      if (isNewer) checkUnfamiliar(flag, key, own);
      else checkFlag(flag, { key, path: '', segments: undefined }, own);
      const why = isNewer ? whyNot(own) : (whyNot(own) ?? whyLacking(flag));
      return why === undefined ? (flag as SnapshotFlag) : new UnreadableFlag(key, flag, why);
    }),
    segments: readEntries(segments, list, (segment, key, own) => {
      if (isNewer) checkUnfamiliar(segment, key, own);
      else checkSegment(segment, { key, path: '', segments: undefined }, own);
      const why = whyNot(own);
      if (why === undefined) return segment as SnapshotSegment;
      return new UnreadableSegment(key, segment, why);
    }),
  };
}

type ReadEntry<Entry> = (entry: unknown, key: string, list: ProblemList) => Entry;

/** Each entry has problems of its own, and all share the bound of the work. */
function readEntries<Entry>(
  entries: Members,
  list: ProblemList,
  read: ReadEntry<Entry>,
): Readonly<Record<string, Entry>> {
  const result: [string, Entry][] = [];
  for (const [key, entry] of Object.entries(entries)) {
    // No object can hold it safely, and no flag can be asked for by it.
    if (key === '__proto__') continue;
    const own = list.forEntry();
    result.push([key, read(entry, key, own)]);
    // Of more than all may be, none is used.
    if (!list.visit('')) break;
  }
  return Object.fromEntries(result);
}

/** The first problem, or what is not known here; undefined where an entry can be used. */
function whyNot({ problems, unfamiliar }: ProblemList): string | undefined {
  const [first] = [...problems, ...unfamiliar];
  if (first === undefined) return undefined;
  return `could not be read: ${first.path.replace(/^\./, '') || 'it'} ${first.message}`;
}

function whyLacking(flag: unknown): string | undefined {
  const { capabilities } = (isObject(flag) ? flag : {}) as { capabilities?: readonly string[] };
  const lacking = lacksCapability(capabilities ?? []);
  return lacking ? `needs what this engine lacks: ${(capabilities ?? []).join(', ')}` : undefined;
}
