import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { Contact } from '../stream/feed.ts';
import { atMost, backgroundTimer } from '../timing/timer.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { DownhaulState } from './types.ts';

/** A copy on disk is at hand at once; so much longer is waited for something newer from the server. */
const LOCAL_GRACE_MS = 500;

interface LifecycleSettings {
  readonly holder: SnapshotHolder;
  readonly diagnostics: Diagnostics;
  readonly startTimeoutMs: number;
  /** Why there can be no contact at all: the options name no server. */
  readonly problem: string | undefined;
}

/** Works out the client's state from what it holds and whether it hears from its server. */
export class Lifecycle {
  readonly #settings: LifecycleSettings;
  readonly #startedAtMs = performance.now();
  readonly #started: Promise<void>;
  #finishStart: () => void = () => undefined;
  #isStarting = true;
  #isClosed = false;
  #contact: Contact = 'unknown';
  #state: DownhaulState = 'starting';
  readonly #listeners: ((state: DownhaulState, message?: string) => void)[] = [];

  constructor(settings: LifecycleSettings) {
    this.#settings = settings;
    this.#started = new Promise((resolve) => {
      this.#finishStart = resolve;
    });
    backgroundTimer(() => this.#endStart(), settings.startTimeoutMs);
    settings.holder.onAdoption(({ source }) => {
      if (source === 'stream' || source === 'poll') {
        this.#contact = 'connected';
        this.#endStart();
      }
      this.#update();
    });
  }

  get state(): DownhaulState {
    return this.#state;
  }

  onState(listener: (state: DownhaulState, message?: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when there is something to serve, or the start time-out is over. Never rejects. */
  async ready(): Promise<void> {
    if (!this.#isStarting) return;
    const elapsed = performance.now() - this.#startedAtMs;
    // This timer keeps the process alive while the host waits: everything else lets it exit.
    await atMost(this.#started, Math.max(0, this.#settings.startTimeoutMs - elapsed));
    this.#endStart();
  }

  /** Whatever was on disk has been read, or there is nothing to read. */
  localRead(): void {
    const { holder, problem } = this.#settings;
    if (problem !== undefined) this.#endStart();
    else if (holder.current) backgroundTimer(() => this.#endStart(), LOCAL_GRACE_MS);
    this.#update();
  }

  /** What the server answered, or that it did not. */
  contact(contact: Contact, reason: string | undefined): void {
    this.#contact = contact;
    const local = this.#settings.holder.current !== undefined;
    if (contact === 'denied' || contact === 'connected' || local) this.#endStart();
    this.#update(reason);
  }

  close(): void {
    this.#isClosed = true;
    this.#endStart();
    this.#update();
  }

  #endStart(): void {
    if (!this.#isStarting) return;
    this.#isStarting = false;
    this.#update();
    this.#finishStart();
  }

  #update(reason?: string): void {
    const state = this.#derive();
    if (state === this.#state) return;
    this.#state = state;
    const message = reason ?? this.#settings.problem;
    const event = { type: 'state', state } as const;
    this.#settings.diagnostics.emit(message === undefined ? event : { ...event, message });
    for (const listener of this.#listeners) listener(state, message);
  }

  #derive(): DownhaulState {
    const { holder, problem } = this.#settings;
    if (this.#isClosed) return 'closed';
    if (this.#contact === 'denied') return 'error';
    if (!holder.current) return this.#isStarting ? 'starting' : 'error';
    if (this.#contact === 'connected') return 'ready';
    const waiting = this.#isStarting && this.#contact === 'unknown' && problem === undefined;
    return waiting ? 'starting' : 'stale';
  }
}
