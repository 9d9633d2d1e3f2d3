import { type Condition, segmentProblems } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { allSegments } from '../snapshot/segments.ts';
import type { ProjectState } from '../state/types.ts';

/**
 * Why evaluators would not follow a segment, or one that contains it: beyond a depth and a number of conditions
 * nobody would be a member. Only what is beyond it now and was not before.
 */
export function checkSegmentReach(
  project: ProjectState,
  { key, if: condition }: { readonly key: string; readonly if: Condition },
): readonly DomainError[] {
  const before = allSegments(project);
  const earlier = segmentProblems(before);
  const after = segmentProblems({ ...before, [key]: { key, if: condition } });
  const beyond = [...after].find(([each]) => !earlier.has(each));
  if (beyond === undefined) return [];
  const facts = { segment: key, problem: beyond[1] };
  return [domainError('segment_too_large', facts, { path: '/if' })];
}
