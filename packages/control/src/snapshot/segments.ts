import { segmentEntryProblems, type SnapshotSegment } from '@downhaul/engine';
import { segmentsOf } from '../segment/references.ts';
import type { ProjectState, SegmentState } from '../state/types.ts';

/** A segment of a project as evaluators need it; undefined where there is none of that key. */
export type SegmentSource = (key: string) => SnapshotSegment | undefined;

/** The segments of a project. */
export function segmentsFrom(project: ProjectState): SegmentSource {
  return (key) => {
    const segment = project.segments.get(key);
    return segment && snapshotSegment(segment);
  };
}

/** Every segment of a project, whether or not a flag names it. */
export function allSegments(project: ProjectState): Readonly<Record<string, SnapshotSegment>> {
  return reachedSegments(project.segments.keys(), segmentsFrom(project));
}

/** The segments of these keys, and those that they are made of. */
export function reachedSegments(
  keys: Iterable<string>,
  source: SegmentSource,
): Readonly<Record<string, SnapshotSegment>> {
  const found = new Map<string, SnapshotSegment>();
  const reached = new Set(keys);
  // A set's iteration also visits what is added meanwhile.
  for (const key of reached) {
    const segment = source(key);
    if (segment === undefined) continue;
    found.set(key, segment);
    for (const inner of segmentsOf(segment.if)) reached.add(inner);
  }
  return Object.fromEntries(found);
}

/** A segment's state is immutable, and many flags may ask for it. */
const made = new WeakMap<SegmentState, SnapshotSegment>();

/** Of a segment that evaluators cannot read, as no command makes one, nobody is a member. */
function snapshotSegment(segment: SegmentState): SnapshotSegment {
  let entry = made.get(segment);
  if (entry === undefined) {
    const { key, if: condition } = segment;
    entry = { key, if: condition };
    if (segmentEntryProblems(entry).length > 0) entry = { key, if: { any: [] } };
    made.set(segment, entry);
  }
  return entry;
}
