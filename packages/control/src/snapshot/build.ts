import {
  contentHash,
  segmentsOfFlag,
  type Snapshot,
  SNAPSHOT_FORMAT_VERSION,
  type SnapshotFlag,
} from '@downhaul/engine';
import type { ControlState } from '../state/types.ts';
import type { PageReader } from './overrides.ts';
import { reachedSegments, segmentsFrom } from './segments.ts';
import { snapshotFlag } from './snapshot-flag.ts';

/** Where the ids behind overrides are read from. */
export interface SnapshotOptions {
  readonly pages: PageReader;
}

/**
 * Everything that an environment's evaluators need and nothing else, at the position of the state; undefined where there
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
  const source = segmentsFrom(project);
  const sources = { environment: environment.key, segments: source, proofs: state.proofs, pages };
  const flags: Record<string, SnapshotFlag> = {};
  for (const flag of project.flags.values()) {
    const entry = snapshotFlag(flag, sources);
    if (entry !== undefined) flags[flag.key] = entry;
  }
  const segments = reachedSegments(Object.values(flags).flatMap(segmentsOfFlag), source);
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
