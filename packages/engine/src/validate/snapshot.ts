import { contentHash } from '../snapshot/content-hash.ts';
import { requiredFlags, requirementProblems, segmentProblems } from '../snapshot/dependencies.ts';
import { SNAPSHOT_FORMAT_VERSION, type Snapshot, type SnapshotDelta } from '../snapshot/types.ts';
import { checkFlag } from './flag.ts';
import { checkJsonValue } from './json-value.ts';
import { type Problem, ProblemList } from './problems.ts';
import { checkSegment } from './segment.ts';
import {
  type Check,
  checkMembers,
  isHash,
  isName,
  isNatural,
  isObject,
  isText,
  isTexts,
  joinPath,
  type Members,
} from './shape.ts';

/** A snapshot that the engine can work with, or why not. Warnings name what can hardly be meant. */
export type SnapshotValidation =
  | { readonly ok: true; readonly snapshot: Snapshot; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type DeltaValidation =
  | { readonly ok: true; readonly delta: SnapshotDelta; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const isFormat: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : 'an integer from 1';
const isEntries: Check = (value) => (isObject(value) ? undefined : 'an object');

const SNAPSHOT: Readonly<Record<string, Check>> = {
  formatVersion: isFormat,
  project: isName,
  environment: isName,
  version: isNatural,
  hash: isHash,
  unitSalt: isText,
  flags: isEntries,
  segments: isEntries,
};

const DELTA: Readonly<Record<string, Check>> = {
  formatVersion: isFormat,
  baseVersion: isNatural,
  version: isNatural,
  hash: isHash,
  set: isEntries,
  removed: isEntries,
};

/**
 * Judges what was read from disk or the network, with bounded work and without ever throwing: at most 100
 * problems, 5,000,000 values, 32 levels of conditions. The content is compared with its hash. Cycles,
 * names that lead nowhere and operators of a newer engine are warnings: the flags concerned serve safe,
 * false or the code default, and all others stay usable. A snapshot of a newer format is only looked at
 * from outside: all its flags serve the code default.
 */
export function validateSnapshot(candidate: unknown): SnapshotValidation {
  const list = new ProblemList();
  guard(list, () => checkSnapshot(candidate, list));
  if (list.problems.length > 0) return { ok: false, problems: list.problems };
  return { ok: true, snapshot: candidate as Snapshot, warnings: list.warnings };
}

/** Judges a delta like a snapshot. Its hash is judged by `applyDelta`. */
export function validateDelta(candidate: unknown): DeltaValidation {
  const list = new ProblemList();
  guard(list, () => checkDelta(candidate, list));
  if (list.problems.length > 0) return { ok: false, problems: list.problems };
  return { ok: true, delta: candidate as SnapshotDelta, warnings: list.warnings };
}

/** Parsed JSON cannot throw when it is read, but nobody has to believe that it is parsed JSON. */
function guard(list: ProblemList, check: () => void): void {
  try {
    check();
  } catch {
    list.add('', 'could not be read');
  }
}

/** Whether it is a snapshot from outside; what its flags and segments are is not looked at. */
export function checkSnapshotHead(candidate: unknown, list: ProblemList): candidate is Snapshot {
  if (isObject(candidate)) return checkMembers({ value: candidate, path: '' }, SNAPSHOT, list);
  list.add('', 'must be a snapshot');
  return false;
}

/** Whether it is a delta from outside; what it sets is not looked at. */
export function checkDeltaHead(candidate: unknown, list: ProblemList): candidate is SnapshotDelta {
  if (!isObject(candidate)) {
    list.add('', 'must be a delta');
    return false;
  }
  if (!checkMembers({ value: candidate, path: '' }, DELTA, list)) return false;
  const { set, removed } = candidate as { set: Members; removed: Members };
  const entries = { flags: isEntries, segments: isEntries };
  const texts = { flags: isTexts, segments: isTexts };
  if (!checkMembers({ value: set, path: 'set' }, entries, list)) return false;
  return checkMembers({ value: removed, path: 'removed' }, texts, list);
}

function checkSnapshot(candidate: unknown, list: ProblemList): void {
  if (!checkSnapshotHead(candidate, list)) return;
  const snapshot = candidate;
  checkContent(
    {
      content: snapshot as unknown as Members,
      path: '',
      format: snapshot.formatVersion,
      segments: snapshot.segments,
    },
    list,
  );
  if (list.problems.length > 0 || snapshot.formatVersion > SNAPSHOT_FORMAT_VERSION) return;
  warnOfLinks(snapshot, list);
  const hash = contentHash(snapshot);
  if (hash !== snapshot.hash) list.add('hash', `must be ${hash}, the hash of the content`);
}

function checkDelta(candidate: unknown, list: ProblemList): void {
  if (!checkDeltaHead(candidate, list)) return;
  const content = candidate.set as unknown as Members;
  const format = candidate.formatVersion;
  // Which segments there are is only known together with the snapshot.
  checkContent({ content, path: 'set', format, segments: undefined }, list);
}

interface ContentPlace {
  readonly content: Members;
  readonly path: string;
  readonly format: number;
  readonly segments: Members | undefined;
}

function checkContent({ content, path, format, segments }: ContentPlace, list: ProblemList): void {
  for (const kind of ['flags', 'segments'] as const) {
    for (const [key, entry] of Object.entries(content[kind] as Members)) {
      const here = joinPath(joinPath(path, kind), key);
      if (key === '__proto__' || key === '') list.add(here, 'must have another key');
      if (format > SNAPSHOT_FORMAT_VERSION) checkUnfamiliar(entry, here, list);
      else if (kind === 'flags') checkFlag(entry, { key, path: here, segments }, list);
      else checkSegment(entry, { key, path: here, segments }, list);
      if (list.full) return;
    }
  }
}

/** An entry of a newer format: it must only be safe to hold and to compare. */
export function checkUnfamiliar(entry: unknown, path: string, list: ProblemList): void {
  if (!isObject(entry)) return list.add(path, 'must be an object');
  checkJsonValue(entry, path, list);
}

function warnOfLinks({ flags, segments }: Snapshot, list: ProblemList): void {
  for (const [key, problem] of segmentProblems(segments)) {
    list.warn(`segments.${key}`, `${problem}: it is false for everyone`);
  }
  for (const [key, problem] of requirementProblems(flags)) {
    list.warn(`flags.${key}.requires`, `${problem}: it serves safe`);
  }
  for (const flag of Object.values(flags)) {
    for (const required of requiredFlags(flag)) {
      if (Object.hasOwn(flags, required)) continue;
      list.warn(`flags.${flag.key}.requires`, `there is no flag ${required}: it serves safe`);
    }
  }
}
