import { type Snapshot, changedFlags } from '@downhaul/engine';
import type { SnapshotSource } from '../client/types.ts';
import { type Held, hold } from './held.ts';

interface Adoption {
  readonly held: Held;
  readonly source: SnapshotSource;
  readonly flagsChanged: readonly string[];
}

/** The one snapshot in use by a client, and who wants to know when it changes. */
export class SnapshotHolder {
  #current: Held | undefined;
  #source: SnapshotSource = 'none';
  readonly #listeners: ((adoption: Adoption) => void)[] = [];

  get current(): Held | undefined {
    return this.#current;
  }

  get source(): SnapshotSource {
    return this.#source;
  }

  onAdoption(listener: (adoption: Adoption) => void): void {
    this.#listeners.push(listener);
  }

  /** Puts a validated snapshot in use. Throws if it cannot be compiled; then nothing changes. */
  adopt(snapshot: Snapshot, source: SnapshotSource): void {
    const previous = this.#current;
    const flagsChanged = previous
      ? changedFlags(previous.snapshot, snapshot)
      : Object.keys(snapshot.flags);
    const held = hold({ snapshot, previous, changed: flagsChanged });
    this.#current = held;
    this.#source = source;
    for (const listener of this.#listeners) listener({ held, source, flagsChanged });
  }

  /** Lets go of what is held: nothing is served from here on. */
  release(): void {
    this.#current = undefined;
    this.#source = 'none';
  }

  /** The server confirmed what is held: from now on it counts as the server's. */
  confirm(source: SnapshotSource): void {
    if (this.#current) this.#source = source;
  }
}
