import {
  flagHash,
  hash64Text,
  replaceHashes,
  segmentHash,
  segmentsOfFlag,
  type Snapshot,
  SNAPSHOT_FORMAT_VERSION,
  type SnapshotDelta,
  type SnapshotFlag,
  type SnapshotSegment,
} from '@downhaul/engine';
import type { LogEvent } from '../event/types.ts';
import { segmentsOf } from '../segment/references.ts';
import type { ControlState, EnvironmentState, FlagState, ProjectState } from '../state/types.ts';
import type { SnapshotOptions } from './build.ts';
import { changeOf, type SnapshotChange } from './change-of.ts';
import { EntryTable } from './entry-table.ts';
import { SegmentUse } from './segment-use.ts';
import { type SegmentSource, segmentsFrom } from './segments.ts';
import { snapshotFlag, type SnapshotSources } from './snapshot-flag.ts';

/** Which environment of which project. */
export interface EnvironmentPlace {
  readonly project: string;
  readonly environment: string;
}

/**
 * Keeps the snapshots of all environments up to date, event by event: a delta costs as much as changed,
 * not as much as there is. Only a full snapshot is copied, when it is asked for.
 */
export class SnapshotBuilder {
  readonly #options: SnapshotOptions;
  readonly #kept = new Map<string, KeptSnapshot>();
  #position = 0;

  constructor(options: SnapshotOptions) {
    this.#options = options;
  }

  /** Notes what an event changed; to be called after `evolve`, for each event in its order. */
  note(state: ControlState, { position, body }: LogEvent): void {
    if (position !== this.#position + 1) this.#kept.clear();
    this.#position = position;
    for (const environment of body.environments) {
      this.#kept.get(keyOf({ project: body.project, environment }))?.note(changeOf(state, body));
    }
  }

  /** The snapshot as of the state; undefined where there is no such environment. */
  snapshot(state: ControlState, place: EnvironmentPlace): Snapshot | undefined {
    return this.#refreshed(state, place)?.full();
  }

  /**
   * What leads from the version at the last call of `delta` for this environment to the present one.
   * Undefined at the first call, and where nothing moved: compare the versions.
   */
  delta(state: ControlState, place: EnvironmentPlace): SnapshotDelta | undefined {
    return this.#refreshed(state, place)?.takeDelta();
  }

  #refreshed(state: ControlState, place: EnvironmentPlace): KeptSnapshot | undefined {
    const project = state.projects.get(place.project);
    const environment = project?.environments.get(place.environment);
    if (project === undefined || environment === undefined) return undefined;
    // Events that were folded without being noted: nothing that is kept can be trusted.
    if (state.position !== this.#position) this.#kept.clear();
    this.#position = state.position;
    const kept = this.#kept.get(keyOf(place)) ?? new KeptSnapshot(this.#options);
    this.#kept.set(keyOf(place), kept);
    kept.refresh(state, project, environment);
    return kept;
  }
}

/** No key has a slash in it. */
function keyOf({ project, environment }: EnvironmentPlace): string {
  return `${project}/${environment}`;
}

/** One environment's snapshot in parts. */
class KeptSnapshot {
  readonly #options: SnapshotOptions;
  readonly #flags = new EntryTable<SnapshotFlag>(flagHash);
  readonly #segments = new EntryTable<SnapshotSegment>(segmentHash);
  readonly #use = new SegmentUse();
  readonly #changedFlags = new Set<string>();
  readonly #changedSegments = new Set<string>();
  #allChanged = true;
  #environment: { readonly project: string; readonly state: EnvironmentState } | undefined;
  #full: Snapshot | undefined;
  #deltaBase: number | undefined;

  constructor(options: SnapshotOptions) {
    this.#options = options;
  }

  note(change: SnapshotChange): void {
    if (change === undefined) return;
    if ('segment' in change) this.#changedSegments.add(change.segment);
    else this.#changedFlags.add(change.flag);
  }

  refresh(state: ControlState, project: ProjectState, environment: EnvironmentState): void {
    this.#environment = { project: project.key, state: environment };
    const segments = segmentsFrom(project);
    const open = [...this.#changedSegments];
    // A segment decides which capabilities the flags that reach it need.
    for (const key of open) {
      for (const flag of this.#use.flagsBehind(key)) this.#changedFlags.add(flag);
    }
    const { pages } = this.#options;
    const sources = { environment: environment.key, segments, proofs: state.proofs, pages };
    for (const key of this.#allChanged ? project.flags.keys() : this.#changedFlags) {
      open.push(...this.#putFlag(key, project.flags.get(key), sources));
    }
    this.#refreshSegments(open, segments);
    this.#changedFlags.clear();
    this.#changedSegments.clear();
    this.#allChanged = false;
  }

  full(): Snapshot {
    const { project, state } = this.#placed();
    if (this.#full?.version === state.version) return this.#full;
    this.#full = {
      formatVersion: SNAPSHOT_FORMAT_VERSION,
      project,
      environment: state.key,
      version: state.version,
      hash: this.#hash(),
      unitSalt: state.unitSalt,
      flags: this.#flags.record(),
      segments: this.#segments.record(),
    };
    return this.#full;
  }

  takeDelta(): SnapshotDelta | undefined {
    const { version } = this.#placed().state;
    const baseVersion = this.#deltaBase;
    this.#deltaBase = version;
    const flags = this.#flags.takeChanges();
    const segments = this.#segments.takeChanges();
    if (baseVersion === undefined || baseVersion === version) return undefined;
    return {
      formatVersion: SNAPSHOT_FORMAT_VERSION,
      baseVersion,
      version,
      hash: this.#hash(),
      set: { flags: flags.set, segments: segments.set },
      removed: { flags: flags.removed, segments: segments.removed },
    };
  }

  /** Returns the segments that the flag did not name before, or no more. */
  #putFlag(key: string, flag: FlagState | undefined, sources: SnapshotSources): readonly string[] {
    const entry = flag && snapshotFlag(flag, sources);
    this.#flags.put(key, entry);
    return this.#use.set(`flag:${key}`, entry === undefined ? [] : segmentsOfFlag(entry));
  }

  /** Takes in what is reached now, and out what is not any more, as far as these segments lead. */
  #refreshSegments(open: string[], segments: SegmentSource): void {
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const segment = this.#use.isUsed(key) ? segments(key) : undefined;
      this.#segments.put(key, segment);
      open.push(...this.#use.set(`segment:${key}`, segment ? segmentsOf(segment.if) : []));
    }
  }

  #hash(): string {
    return hash64Text(replaceHashes(this.#flags.sum, [], [this.#segments.sum]));
  }

  #placed(): { readonly project: string; readonly state: EnvironmentState } {
    if (this.#environment === undefined) throw new Error('asked before the first refresh');
    return this.#environment;
  }
}
