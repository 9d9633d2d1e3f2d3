import type { Condition } from '../condition/types.ts';
import { conditionsOfFlag, innerConditions } from './dependencies.ts';
import type { SnapshotFlag, SnapshotSegment } from './types.ts';

const CAPABILITY_OF_OPERATOR: Readonly<Record<string, string>> = {
  semver: 'semver',
  before: 'time',
  after: 'time',
};

/**
 * What an engine must be able to do to evaluate a flag with these segments, sorted: the value for
 * `SnapshotFlag.capabilities`. What the flag says itself about capabilities does not matter.
 */
export function requiredCapabilities(
  flag: SnapshotFlag,
  segments: Readonly<Record<string, SnapshotSegment>>,
): readonly string[] {
  const found = new Set<string>();
  if (flag.rules.length > 0) found.add('rules');
  if (flag.rules.some((rule) => rule.split !== undefined)) found.add('split');
  if (flag.rollout !== undefined) found.add('rollout');
  if (Object.keys(flag.overrides ?? {}).length > 0) found.add('overrides');
  if (flag.requires.length > 0) found.add('requires');
  if (flag.conflicts.length > 0) found.add('conflicts');
  const open = [...conditionsOfFlag(flag)];
  const seen = new Set<string>();
  for (let condition = open.pop(); condition !== undefined; condition = open.pop()) {
    open.push(...innerConditions(condition), ...segmentConditions(condition, segments, seen));
    for (const capability of capabilitiesOfCondition(condition)) found.add(capability);
  }
  return [...found].sort();
}

function capabilitiesOfCondition(condition: Condition): readonly string[] {
  if ('segment' in condition) return ['segments'];
  return Object.keys(condition).flatMap((name) =>
    Object.hasOwn(CAPABILITY_OF_OPERATOR, name) ? [CAPABILITY_OF_OPERATOR[name] ?? ''] : [],
  );
}

/** The condition of a segment, the first time that it is mentioned. */
function segmentConditions(
  condition: Condition,
  segments: Readonly<Record<string, SnapshotSegment>>,
  seen: Set<string>,
): readonly Condition[] {
  if (!('segment' in condition) || seen.has(condition.segment)) return [];
  seen.add(condition.segment);
  const segment = Object.hasOwn(segments, condition.segment)
    ? segments[condition.segment]
    : undefined;
  return segment === undefined ? [] : [segment.if];
}
