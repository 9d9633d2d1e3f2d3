import type { Condition } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { ProjectState } from '../state/types.ts';

/** A condition and the JSON pointer to it. */
export interface PlacedCondition {
  readonly condition: Condition;
  readonly path: string;
}

/** The segments that a condition names directly. */
export function segmentsOf(condition: Condition): readonly string[] {
  if ('segment' in condition) return [condition.segment];
  if ('all' in condition) return condition.all.flatMap(segmentsOf);
  if ('any' in condition) return condition.any.flatMap(segmentsOf);
  return 'not' in condition ? segmentsOf(condition.not) : [];
}

/** An error for each condition that names a segment the project does not have. */
export function unknownSegments(
  project: ProjectState,
  conditions: readonly PlacedCondition[],
): readonly DomainError[] {
  return conditions.flatMap(({ condition, path }) => {
    const segment = segmentsOf(condition).find((key) => !project.segments.has(key));
    if (segment === undefined) return [];
    return [domainError('segment_unknown', { segment, project: project.key }, { path })];
  });
}

/** The given segments and every segment that they are made of, by the project's definitions. */
export function segmentClosure(project: ProjectState, keys: Iterable<string>): ReadonlySet<string> {
  const reached = new Set(keys);
  // A set's iteration also visits what is added meanwhile.
  for (const key of reached) {
    const segment = project.segments.get(key);
    if (segment !== undefined) for (const inner of segmentsOf(segment.if)) reached.add(inner);
  }
  return reached;
}
