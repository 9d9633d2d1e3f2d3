import { MAX_CONDITIONS, MAX_DEPTH, MAX_REQUIREMENTS } from '../condition/limits.ts';
import type { Condition } from '../condition/types.ts';
import { type LinkNode, type LinkProblem, linkProblems } from './link-problems.ts';
import type { Snapshot, SnapshotFlag } from './types.ts';

/** Of a flag only its requirements are looked at. */
type Flags = Readonly<Record<string, Pick<SnapshotFlag, 'requires'>>>;
type Segments = Snapshot['segments'];
type Messages = ReadonlyMap<string, string>;

/** Of each flag, the segments its conditions name; a flag is immutable, so they are found once. */
const segmentsByFlag = new WeakMap<SnapshotFlag, readonly string[]>();
const problemsByFlags = new WeakMap<Flags, Messages>();
const problemsBySegments = new WeakMap<Segments, Messages>();

/** The keys of the segments that a flag's rules and audiences name directly. */
export function segmentsOfFlag(flag: SnapshotFlag): readonly string[] {
  let keys = segmentsByFlag.get(flag);
  if (keys === undefined) {
    keys = [...new Set(conditionsOfFlag(flag).flatMap((condition) => segmentMentions(condition)))];
    segmentsByFlag.set(flag, keys);
  }
  return keys;
}

/** The keys of the segments that a condition names directly, each as often as it does. */
export function segmentMentions(condition: Condition, depth = 1): readonly string[] {
  if (depth > MAX_DEPTH || !isObject(condition)) return [];
  if ('segment' in condition) return [condition.segment];
  return innerConditions(condition).flatMap((each) => segmentMentions(each, depth + 1));
}

/** The flags that a flag requires. */
export function requiredFlags(flag: Pick<SnapshotFlag, 'requires'>): readonly string[] {
  return listOf(flag.requires).map((requirement) => requirement.flag);
}

/** The flags that a flag says it is in conflict with. */
export function conflictingFlags(flag: SnapshotFlag): readonly string[] {
  // A flag cannot be in conflict with itself.
  return listOf(flag.conflicts).filter((key) => key !== flag.key);
}

/**
 * By flag, why its requirements can never be met: they lead back to it, or to too many flags. Such a flag
 * serves safe.
 */
export function requirementProblems(flags: Flags): Messages {
  let problems = problemsByFlags.get(flags);
  if (problems === undefined) {
    const nodes = new Map<string, LinkNode>();
    for (const [key, flag] of Object.entries(flags)) {
      const next = requiredFlags(flag);
      if (next.length > 0) nodes.set(key, { weight: 1, next });
    }
    const limits = { weight: MAX_REQUIREMENTS, depth: MAX_REQUIREMENTS };
    problems = messages(linkProblems(nodes, limits), requirementMessage);
    problemsByFlags.set(flags, problems);
  }
  return problems;
}

/** By segment, why it is false for everyone: it contains itself, or too much. */
export function segmentProblems(segments: Segments): Messages {
  let problems = problemsBySegments.get(segments);
  if (problems === undefined) {
    const nodes = new Map<string, LinkNode>();
    for (const [key, segment] of Object.entries(segments)) {
      nodes.set(key, { weight: conditionCount(segment.if), next: segmentMentions(segment.if) });
    }
    const limits = { weight: MAX_CONDITIONS, depth: MAX_DEPTH };
    problems = messages(linkProblems(nodes, limits), segmentMessage);
    problemsBySegments.set(segments, problems);
  }
  return problems;
}

function requirementMessage(key: string, problem: LinkProblem): string {
  if (problem === 'cycle') return `flag ${key} requires itself`;
  return `the requirements of flag ${key} lead to more than ${MAX_REQUIREMENTS} evaluations`;
}

function segmentMessage(key: string, problem: LinkProblem): string {
  if (problem === 'cycle') return `segment ${key} contains itself`;
  if (problem === 'depth') return `segment ${key} nests deeper than ${MAX_DEPTH}`;
  return `segment ${key} has more than ${MAX_CONDITIONS} conditions`;
}

function messages(
  problems: ReadonlyMap<string, LinkProblem>,
  message: (key: string, problem: LinkProblem) => string,
): Messages {
  return new Map([...problems].map(([key, problem]) => [key, message(key, problem)]));
}

/** The conditions of a flag's rules and audiences. */
export function conditionsOfFlag({ rules, rollout }: SnapshotFlag): readonly Condition[] {
  const allocations = [...listOf(rollout?.allocations), ...listOf(rollout?.peak)];
  const audiences = allocations
    .map(({ audience }) => audience)
    .filter((each) => each !== undefined);
  return [...listOf(rules).map((rule) => rule.if), ...audiences];
}

/** How many conditions there are in a condition, itself included; a segment counts as one. */
function conditionCount(condition: Condition, depth = 1): number {
  if (depth > MAX_DEPTH) return 1;
  return innerConditions(condition).reduce((sum, each) => sum + conditionCount(each, depth + 1), 1);
}

/** The conditions directly within a condition. */
export function innerConditions(condition: Condition): readonly Condition[] {
  if (!isObject(condition)) return [];
  if ('all' in condition) return listOf(condition.all);
  if ('any' in condition) return listOf(condition.any);
  return 'not' in condition ? [condition.not] : [];
}

/**
 * The members of a list. A flag that needs a capability of the future may have anything where today there
 * is a list, and anything in it.
 */
function listOf<Item>(list: readonly Item[] | undefined): readonly Item[] {
  if (!Array.isArray(list) || list.length === 0) return [];
  return list.filter((item: Item) => item !== null && item !== undefined);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
