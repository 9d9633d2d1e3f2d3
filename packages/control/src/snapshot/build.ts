import {
  contentHash,
  segmentEntryProblems,
  type Snapshot,
  SNAPSHOT_FORMAT_VERSION,
  type SnapshotFlag,
  type SnapshotSegment,
} from '@downhaul/engine';
import type { ControlState, ProjectState, SegmentState } from '../state/types.ts';
import type { PageReader } from './overrides.ts';
import { snapshotFlag } from './snapshot-flag.ts';

/** Where the ids behind overrides are read from. */
export interface SnapshotOptions {
  readonly pages: PageReader;
}

/**
 * Everything that an environment's evaluators need, at the position of the state; undefined where there
 * is no such environment. Costs as much as there are flags: `SnapshotBuilder` follows event by event.
 */
export function buildSnapshot(
  state: ControlState,
  place: { readonly project: string; readonly environment: string },
  { pages }: SnapshotOptions,
): Snapshot | undefined {
  const project = state.projects.get(place.project);
  const environment = project?.environments.get(place.environment);
  if (project === undefined || environment === undefined) return undefined;
  const segments = snapshotSegments(project);
  const sources = { environment: environment.key, segments, proofs: state.proofs, pages };
  const flags: Record<string, SnapshotFlag> = {};
  for (const flag of project.flags.values()) {
    const entry = snapshotFlag(flag, sources);
    if (entry !== undefined) flags[flag.key] = entry;
  }
  return {
    formatVersion: SNAPSHOT_FORMAT_VERSION,
    project: project.key,
    environment: environment.key,
    version: environment.version,
    hash: contentHash({ flags, segments }),
    unitSalt: environment.unitSalt,
    flags,
    segments,
  };
}

/** The project's segments as evaluators need them. */
export function snapshotSegments(project: ProjectState): Readonly<Record<string, SnapshotSegment>> {
  const segments: Record<string, SnapshotSegment> = {};
  for (const segment of project.segments.values()) segments[segment.key] = snapshotSegment(segment);
  return segments;
}

/** Of a segment that evaluators cannot read, as no command makes one, nobody is a member. */
function snapshotSegment({ key, if: condition }: SegmentState): SnapshotSegment {
  const entry = { key, if: condition };
  return segmentEntryProblems(entry).length === 0 ? entry : { key, if: { any: [] } };
}
