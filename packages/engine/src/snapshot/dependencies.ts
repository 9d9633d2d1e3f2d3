import type { Condition } from '../condition/types.ts';
import { MAX_CONDITIONS, MAX_DEPTH, MAX_REQUIREMENTS } from '../condition/limits.ts';
import type { Snapshot, SnapshotFlag } from './types.ts';

type Flags = Snapshot['flags'];
type Segments = Snapshot['segments'];

/** Of each flag, the segments its conditions name; a flag is immutable, so they are found once. */
const segmentsByFlag = new WeakMap<SnapshotFlag, readonly string[]>();

/** The keys of the segments that a flag's rules and audiences name directly. */
export function segmentsOfFlag(flag: SnapshotFlag): readonly string[] {
  const known = segmentsByFlag.get(flag);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const rule of flag.rules) collectSegments(rule.if, found);
  for (const { audience } of [
    ...(flag.rollout?.allocations ?? []),
    ...(flag.rollout?.peak ?? []),
  ]) {
    if (audience !== undefined) collectSegments(audience, found);
  }
  const keys = [...found];
  segmentsByFlag.set(flag, keys);
  return keys;
}

/** The keys of the segments that a condition names directly. */
export function segmentsOfCondition(condition: Condition): readonly string[] {
  const found = new Set<string>();
  collectSegments(condition, found);
  return [...found];
}

/** How many conditions there are in a condition, itself included; segments count as one. */
export function conditionCount(condition: Condition, depth = 1): number {
  if (depth > MAX_DEPTH) return MAX_CONDITIONS;
  return 1 + inner(condition).reduce((sum, each) => sum + conditionCount(each, depth + 1), 0);
}

/** Why a flag's requirements can never be met: they lead back to it, or to too many flags. */
export function requirementProblem(flags: Flags, key: string): string | undefined {
  const outcome = walk(key, MAX_REQUIREMENTS, (each) => {
    const flag = Object.hasOwn(flags, each) ? flags[each] : undefined;
    return { weight: 1, next: flag?.requires.map((requirement) => requirement.flag) ?? [] };
  });
  if (outcome === 'cycle') return `flag ${key} requires itself`;
  // The flag itself is one of them.
  if (outcome === 'excess') return `flag ${key} requires more than ${MAX_REQUIREMENTS - 1} flags`;
  return undefined;
}

/** Why a segment is false for everyone: it contains itself, or too much. */
export function segmentProblem(segments: Segments, key: string): string | undefined {
  const outcome = walk(key, MAX_CONDITIONS, (each) => {
    const segment = Object.hasOwn(segments, each) ? segments[each] : undefined;
    if (segment === undefined) return { weight: 1, next: [] };
    return { weight: conditionCount(segment.if), next: segmentReferences(segment.if) };
  });
  if (outcome === 'cycle') return `segment ${key} contains itself`;
  if (outcome === 'excess') return `segment ${key} has more than ${MAX_CONDITIONS} conditions`;
  return outcome.depth > MAX_DEPTH ? `segment ${key} nests deeper than ${MAX_DEPTH}` : undefined;
}

interface Node {
  readonly weight: number;
  readonly next: readonly string[];
}

interface Cost {
  readonly weight: number;
  readonly depth: number;
}

const UNFINISHED: Cost = { weight: 0, depth: 0 };

/**
 * What evaluating `start` costs when every reference is evaluated anew, as it is: a graph with few nodes
 * may have very many paths. A cycle is only reported for a start that lies on it, so that the answer
 * does not depend on where the walk began. Never looks at more than `limit` nodes.
 */
function walk(
  start: string,
  limit: number,
  read: (key: string) => Node,
): Cost | 'cycle' | 'excess' {
  if (reaches(start, limit, read)) return 'cycle';
  const costs = new Map<string, Cost>();
  const open = [{ key: start, node: read(start), entered: false }];
  for (let step = open.at(-1); step !== undefined; step = open.at(-1)) {
    if (step.entered || costs.has(step.key)) {
      if (step.entered) costs.set(step.key, sumCosts(step.node, costs));
      open.pop();
      continue;
    }
    step.entered = true;
    costs.set(step.key, UNFINISHED);
    for (const key of step.node.next) {
      if (!costs.has(key)) open.push({ key, node: read(key), entered: false });
    }
    if (costs.size > limit) return 'excess';
  }
  const cost = costs.get(start) ?? UNFINISHED;
  return cost.weight > limit ? 'excess' : cost;
}

function sumCosts(node: Node, costs: ReadonlyMap<string, Cost>): Cost {
  const inner = node.next.map((key) => costs.get(key) ?? UNFINISHED);
  return {
    weight: inner.reduce((sum, cost) => sum + cost.weight, node.weight),
    depth: inner.reduce((deepest, cost) => Math.max(deepest, cost.depth), 0) + 1,
  };
}

function reaches(start: string, limit: number, read: (key: string) => Node): boolean {
  const seen = new Set<string>();
  const open = [...read(start).next];
  for (let key = open.pop(); key !== undefined && seen.size <= limit; key = open.pop()) {
    if (key === start) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...read(key).next);
  }
  return false;
}

function collectSegments(condition: Condition, found: Set<string>, depth = 1): void {
  if (depth > MAX_DEPTH) return;
  if ('segment' in condition) found.add(condition.segment);
  for (const each of inner(condition)) collectSegments(each, found, depth + 1);
}

/** Every mention counts: a segment named twice is evaluated twice. */
function segmentReferences(condition: Condition, depth = 1): readonly string[] {
  if (depth > MAX_DEPTH) return [];
  if ('segment' in condition) return [condition.segment];
  return inner(condition).flatMap((each) => segmentReferences(each, depth + 1));
}

function inner(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all;
  if ('any' in condition) return condition.any;
  return 'not' in condition ? [condition.not] : [];
}
