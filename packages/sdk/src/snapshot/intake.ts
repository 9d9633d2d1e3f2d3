import {
  type Problem,
  type Snapshot,
  type Refusal,
  type SnapshotDelta,
  MAX_REFUSAL,
  applyDelta,
  readDelta,
  readSnapshot,
} from '@downhaul/engine';
import { type Diagnostics, describe } from '../client/diagnostics.ts';
import type { SnapshotSource } from '../client/types.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';
import type { SnapshotHolder } from './holder.ts';

/**
 * What became of offered content. `adopted` and `same`: what is held is the server's. `old`: overtaken
 * by what is held. `waiting`: an older version than the one held, see below. `resync`: a delta of
 * another base. `refused`: unreadable or inconsistent.
 */
export type Verdict = 'adopted' | 'same' | 'old' | 'waiting' | 'resync' | 'refused';

interface IntakeSettings {
  readonly holder: SnapshotHolder;
  readonly diagnostics: Diagnostics;
  readonly project: string | undefined;
  readonly environment: string | undefined;
  /** A whole snapshot of the server cannot be used. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** What is held is the server's, after all. */
  readonly onConfirmed?: () => void;
  /**
   * A replica that lags answers with an older version for a moment, and adopting it could raise again
   * what was just rolled back. A server restored from a backup answers with it for good: after this
   * time without a word of the held version or a later one, the older version is the server's truth.
   */
  readonly regressionAfterMs: number;
}

/** Decides over each snapshot and delta that arrives whether it takes the place of what is held. */
export class SnapshotIntake {
  readonly #settings: IntakeSettings;
  #lower: Snapshot | undefined;
  #lowerTimer: Timer | undefined;
  #isClosed = false;

  constructor(settings: IntakeSettings) {
    this.#settings = settings;
  }

  /** Takes a full snapshot of unknown quality. Never throws. */
  offerSnapshot(content: unknown, source: SnapshotSource): Verdict {
    return this.#guard(
      () => this.#judge(this.#validated(content), source),
      (why) => this.#settings.onRefused?.(refusalOf(content, why)),
    );
  }

  /** Takes a delta of unknown quality. Never throws. */
  offerDelta(content: unknown): Verdict {
    return this.#guard(() => {
      const delta = validatedDelta(content);
      const held = this.#settings.holder.current?.snapshot;
      const lower = this.#lower;
      if (lower && delta.baseVersion === lower.version) {
        return this.#judge(this.#applied(lower, delta), 'stream');
      }
      if (!held) return 'resync';
      if (delta.baseVersion !== held.version) {
        return delta.version <= held.version ? 'old' : 'resync';
      }
      return this.#adopt(this.#applied(held, delta), 'stream');
    });
  }

  /** The server spoke of the version held. */
  heard(source: SnapshotSource): void {
    this.#settings.holder.confirm(source);
    this.#settings.onConfirmed?.();
    this.#forgetLower();
  }

  /** Takes a copy from disk or a bootstrap file, while there is nothing else. Never throws. */
  offerLocal(content: unknown, source: 'disk' | 'bootstrap'): boolean {
    if (this.#settings.holder.current) return false;
    return this.#guard(() => this.#adopt(this.#validated(content), source)) === 'adopted';
  }

  /** Takes nothing any more: an answer that comes late must not put anything in use again. */
  close(): void {
    this.#isClosed = true;
    this.#forgetLower();
  }

  #judge(snapshot: Snapshot, source: SnapshotSource): Verdict {
    const held = this.#settings.holder.current?.snapshot;
    if (!held || !this.#isServers()) return this.#adopt(snapshot, source);
    if (snapshot.version < held.version && sameEnvironment(snapshot, held)) {
      return this.#wait(snapshot, source);
    }
    if (snapshot.version === held.version && snapshot.hash === held.hash) {
      this.heard(source);
      return 'same';
    }
    if (snapshot.version === held.version) {
      this.#settings.diagnostics.warn('the server gave a version another content');
    }
    return this.#adopt(snapshot, source);
  }

  #isServers(): boolean {
    const { source } = this.#settings.holder;
    return source === 'stream' || source === 'poll';
  }

  #adopt(snapshot: Snapshot, source: SnapshotSource): Verdict {
    this.#forgetLower();
    this.#settings.holder.adopt(snapshot, source);
    return 'adopted';
  }

  #wait(snapshot: Snapshot, source: SnapshotSource): Verdict {
    this.#lower = snapshot;
    this.#lowerTimer ??= backgroundTimer(
      () => this.#acceptLower(source),
      this.#settings.regressionAfterMs,
    );
    return 'waiting';
  }

  #acceptLower(source: SnapshotSource): void {
    const lower = this.#lower;
    const held = this.#settings.holder.current?.snapshot;
    this.#forgetLower();
    if (!lower || !held) return;
    const { diagnostics, holder } = this.#settings;
    diagnostics.warn(
      `the server went back from version ${held.version} to ${lower.version}, as after a restore`,
    );
    this.#guard(() => {
      holder.adopt(lower, source);
      return 'adopted';
    });
    diagnostics.emit({ type: 'regression', from: held.version, to: lower.version });
  }

  #forgetLower(): void {
    clearTimeout(this.#lowerTimer);
    this.#lowerTimer = undefined;
    this.#lower = undefined;
  }

  #validated(content: unknown): Snapshot {
    const reading = readSnapshot(content);
    if (!reading.ok) throw new Error(firstOf(reading.problems));
    const snapshot = reading.content;
    const { project, environment } = this.#settings;
    if (project !== undefined && snapshot.project !== project) {
      throw new Error(`the snapshot is of project ${snapshot.project}, not ${project}`);
    }
    if (environment !== undefined && snapshot.environment !== environment) {
      throw new Error(`the snapshot is of environment ${snapshot.environment}, not ${environment}`);
    }
    return snapshot;
  }

  #applied(base: Snapshot, delta: SnapshotDelta): Snapshot {
    const result = applyDelta(base, delta);
    if (!result.ok) throw new Error(result.message);
    return result.snapshot;
  }

  #guard(offer: () => Verdict, onRefused?: (why: string) => void): Verdict {
    if (this.#isClosed) return 'old';
    try {
      return offer();
    } catch (error) {
      const message = describe(error);
      this.#settings.diagnostics.warn('a snapshot was refused', error);
      this.#settings.diagnostics.emit({ type: 'snapshotRefused', message });
      onRefused?.(message);
      return 'refused';
    }
  }
}

function refusalOf(content: unknown, message: string): Refusal {
  const version = (content as { version?: unknown } | null)?.version;
  const why = message.slice(0, MAX_REFUSAL);
  const isVersion = Number.isSafeInteger(version) && (version as number) >= 0;
  return isVersion ? { version: version as number, why } : { why };
}

function sameEnvironment(a: Snapshot, b: Snapshot): boolean {
  return a.project === b.project && a.environment === b.environment;
}

function validatedDelta(content: unknown): SnapshotDelta {
  const reading = readDelta(content);
  if (!reading.ok) throw new Error(firstOf(reading.problems));
  const delta = reading.content;
  if (delta.version <= delta.baseVersion) throw new Error('a delta leads back to an older version');
  return delta;
}

function firstOf(problems: readonly Problem[]): string {
  const [first] = problems;
  return first ? `${first.path || 'it'} ${first.message}` : 'it is not valid';
}
