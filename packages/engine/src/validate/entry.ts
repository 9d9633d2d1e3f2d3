import type { SnapshotFlag, SnapshotSegment } from '../snapshot/types.ts';
import { checkFlag } from './flag.ts';
import { type Problem, ProblemList } from './problems.ts';
import { checkSegment } from './segment.ts';

/**
 * What `validateSnapshot` would find wrong with a snapshot for this flag; empty if nothing. For who makes
 * snapshots: costs as much as the flag, whatever else there is. Paths begin below the flag.
 */
export function flagEntryProblems(flag: SnapshotFlag): readonly Problem[] {
  const list = new ProblemList();
  checkFlag(flag, { key: flag.key, path: FLAG, segments: undefined }, list);
  return list.problems.map((problem) => below(FLAG, problem));
}

/** The same for a segment. */
export function segmentEntryProblems(segment: SnapshotSegment): readonly Problem[] {
  const list = new ProblemList();
  checkSegment(segment, { key: segment.key, path: SEGMENT, segments: undefined }, list);
  return list.problems.map((problem) => below(SEGMENT, problem));
}

const FLAG = 'flag';
const SEGMENT = 'segment';

function below(place: string, { path, message }: Problem): Problem {
  return { path: path.slice(place.length + 1), message };
}
