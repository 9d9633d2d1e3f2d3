import type { Condition } from '@downhaul/engine';
import { findCircle } from '../document/find-circle.ts';
import type { ProjectState } from '../state/types.ts';
import { segmentsOf } from './references.ts';

/** The way from a segment back to itself that its new condition would make, if any: `a, b, a`. */
export function segmentCircle(
  project: ProjectState,
  key: string,
  condition: Condition,
): string | undefined {
  return findCircle(key, (each) => {
    if (each === key) return segmentsOf(condition);
    const segment = project.segments.get(each);
    return segment === undefined ? [] : segmentsOf(segment.if);
  })?.join(', ');
}
