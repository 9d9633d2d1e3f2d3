import { compileCondition } from '../condition/compile.ts';
import type { Matcher } from '../condition/operators/operator.ts';
import { type UnitHasher, unitHasher } from '../hash/unit-hash.ts';
import {
  conflictingFlags,
  requirementProblems,
  segmentProblems,
} from '../snapshot/dependencies.ts';
import { SNAPSHOT_FORMAT_VERSION, type Snapshot } from '../snapshot/types.ts';
import { UnreadableSegment } from '../snapshot/unreadable.ts';
import { compileFlag, unreadableProgram, UnreadableSegmentError } from './program.ts';
import { codeDefault } from './results.ts';
import type { FlagProgram, World } from './stages/stage.ts';

const NOBODY: Matcher = () => false;
const NO_CONFLICTS: readonly string[] = [];

/** The flags and segments of one snapshot, each compiled when it is first asked for. */
export class FlagLibrary implements World {
  readonly snapshot: Snapshot;
  readonly unitHasher: UnitHasher;
  readonly #programs: Map<string, FlagProgram>;
  readonly #segments = new Map<string, Matcher>();
  #conflicts: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(snapshot: Snapshot, compiled: Iterable<readonly [string, FlagProgram]> = []) {
    this.snapshot = snapshot;
    this.unitHasher = unitHasher(snapshot.unitSalt);
    this.#programs = new Map(compiled);
  }

  /** A library of a later snapshot that keeps every flag but these, compiled as it is. */
  withSnapshot(snapshot: Snapshot, changed: Iterable<string>): FlagLibrary {
    if (snapshot.unitSalt !== this.snapshot.unitSalt) return new FlagLibrary(snapshot);
    if (snapshot.formatVersion !== this.snapshot.formatVersion) return new FlagLibrary(snapshot);
    const library = new FlagLibrary(snapshot, this.#programs);
    for (const key of changed) library.#programs.delete(key);
    return library;
  }

  /** The compiled flag; undefined if the snapshot has none of this key. */
  program(key: string): FlagProgram | undefined {
    return this.#programs.get(key) ?? this.#compile(key);
  }

  segment(key: string): Matcher {
    let matcher = this.#segments.get(key);
    if (matcher === undefined) {
      matcher = this.#compileSegment(key);
      this.#segments.set(key, matcher);
    }
    return matcher;
  }

  conflictsOf(key: string): readonly string[] {
    this.#conflicts ??= mutualConflicts(this.snapshot);
    const keys = this.#conflicts.get(key);
    return keys === undefined ? NO_CONFLICTS : [...keys];
  }

  requirementProblem(key: string): string | undefined {
    return requirementProblems(this.snapshot.flags).get(key);
  }

  #compile(key: string): FlagProgram | undefined {
    const { flags, formatVersion } = this.snapshot;
    const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
    if (flag === undefined) return undefined;
    const program =
      formatVersion > SNAPSHOT_FORMAT_VERSION
        ? unreadableProgram(flag, newerFormat(formatVersion))
        : compileFlag(flag, this);
    this.#programs.set(key, program);
    return program;
  }

  #compileSegment(key: string): Matcher {
    const { segments } = this.snapshot;
    const segment = Object.hasOwn(segments, key) ? segments[key] : undefined;
    if (segment === undefined || segmentProblems(segments).has(key)) return NOBODY;
    if (segment instanceof UnreadableSegment) throw new UnreadableSegmentError(segment);
    return compileCondition(segment.if, (inner) => this.segment(inner));
  }
}

function newerFormat(formatVersion: number) {
  return codeDefault(
    `the snapshot's format ${formatVersion} is newer than this engine's ${SNAPSHOT_FORMAT_VERSION}`,
  );
}

function mutualConflicts({ flags }: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const conflicts = new Map<string, Set<string>>();
  const add = (key: string, other: string) => {
    const known = conflicts.get(key);
    if (known === undefined) conflicts.set(key, new Set([other]));
    else known.add(other);
  };
  for (const flag of Object.values(flags)) {
    for (const other of conflictingFlags(flag)) {
      add(flag.key, other);
      add(other, flag.key);
    }
  }
  return conflicts;
}
