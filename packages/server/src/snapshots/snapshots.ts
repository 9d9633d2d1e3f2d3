import { buildSnapshot, hasVersion, SnapshotBuilder } from '@downhaul/control';
import { compile, type Evaluator, recompile, type Snapshot } from '@downhaul/engine';
import { refusal } from '../error/refusal.ts';
import type { Commit, ControlLog } from '../log/control-log.ts';
import type { LogStore } from '../store/contract.ts';
import { createSnapshotFeed, type SnapshotFeed } from './feed.ts';
import { openOverridePages, type OverridePages } from './override-pages.ts';

export interface EnvironmentPlace {
  readonly project: string;
  readonly environment: string;
}

/** The snapshots of all environments, following the log. */
export interface Snapshots {
  /** Refuses with 404 for an environment that is not there. */
  feedOf(place: EnvironmentPlace): SnapshotFeed;
  /** The evaluator of a version; the present one when none is named. Refuses an unknown version. */
  evaluatorAt(place: EnvironmentPlace, version?: number): Promise<Evaluator>;
}

interface SnapshotsInput {
  readonly log: ControlLog;
  readonly store: LogStore;
  /** Called in the turn of the commit, for every environment that it changed. */
  readonly onPublish: (feed: SnapshotFeed) => void;
  /** Told of a page of overrides that is not the one that the log names. */
  readonly onSuspect?: (problem: string) => void;
}

/** Builds the snapshot of every environment and follows the log from there. */
export async function openSnapshots(input: SnapshotsInput): Promise<Snapshots> {
  const pages = await openOverridePages(input.store, input.log.state, input.onSuspect);
  const snapshots = new FollowedSnapshots(input, pages);
  input.log.onCommit((commit) => snapshots.follow(commit));
  return snapshots;
}

class FollowedSnapshots implements Snapshots {
  readonly #input: SnapshotsInput;
  readonly #pages: OverridePages;
  readonly #feeds = new Map<string, SnapshotFeed>();
  readonly #builder: SnapshotBuilder;
  readonly #evaluators = new WeakMap<SnapshotFeed, Evaluator>();

  constructor(input: SnapshotsInput, pages: OverridePages) {
    this.#input = input;
    this.#pages = pages;
    this.#builder = new SnapshotBuilder({ pages: pages.read });
    for (const { key: project, environments } of input.log.state.projects.values()) {
      for (const environment of environments.keys()) this.#open({ project, environment });
    }
  }

  feedOf(place: EnvironmentPlace): SnapshotFeed {
    const feed = this.#feeds.get(nameOf(place));
    if (feed) return feed;
    throw refusal('environment_unknown', { ...place }, { path: '/environment' });
  }

  async evaluatorAt(place: EnvironmentPlace, version?: number): Promise<Evaluator> {
    const feed = this.feedOf(place);
    if (version === undefined || version === feed.version) return this.#present(feed);
    return compile(await this.#rebuild(place, version));
  }

  follow({ events, pages }: Commit): void {
    this.#pages.keep(pages);
    const moved = new Map<string, EnvironmentPlace>();
    for (const event of events) {
      this.#builder.note(this.#input.log.state, event);
      for (const environment of event.body.environments) {
        const place = { project: event.body.project, environment };
        moved.set(nameOf(place), place);
      }
    }
    for (const place of moved.values()) this.#move(place);
  }

  #open(place: EnvironmentPlace): void {
    const { state } = this.#input.log;
    const full = (): Snapshot => {
      const snapshot = this.#builder.snapshot(state, place);
      if (!snapshot) throw new Error(`the environment ${nameOf(place)} is gone`);
      return snapshot;
    };
    // The first call only says where deltas start from.
    this.#builder.delta(state, place);
    this.#feeds.set(nameOf(place), createSnapshotFeed(full));
  }

  #move(place: EnvironmentPlace): void {
    const feed = this.#feeds.get(nameOf(place));
    if (!feed) return this.#open(place);
    feed.publish(this.#builder.delta(this.#input.log.state, place));
    this.#input.onPublish(feed);
  }

  #present(feed: SnapshotFeed): Evaluator {
    const last = this.#evaluators.get(feed);
    const snapshot = feed.snapshot();
    const evaluator = last === undefined ? compile(snapshot) : recompile(last, snapshot);
    this.#evaluators.set(feed, evaluator);
    return evaluator;
  }

  async #rebuild(place: EnvironmentPlace, version: number): Promise<Snapshot> {
    const { log, store } = this.#input;
    const unknown = { version, environment: place.environment };
    if (!hasVersion(log.state, version))
      throw refusal('version_unknown', unknown, { path: '/atVersion' });
    const state = await log.stateAt(version);
    await this.#pages.load(store, state);
    const snapshot = buildSnapshot(state, place, { pages: this.#pages.read });
    if (!snapshot) throw refusal('version_unknown', unknown, { path: '/atVersion' });
    return snapshot;
  }
}

function nameOf({ project, environment }: EnvironmentPlace): string {
  return `${project}/${environment}`;
}
