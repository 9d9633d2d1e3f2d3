import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { Contact } from '../stream/feed.ts';
import { type Timer, atMost, backgroundTimer } from '../timing/timer.ts';
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

/** One life of a client, from its start to the end of its closing. A client that starts anew has another. */
interface Life {
  phase: 'open' | 'closing' | 'closed';
  contact: Contact;
  isStarting: boolean;
  readonly startedAtMs: number;
  readonly started: Promise<void>;
  readonly finishStart: () => void;
  readonly timers: Timer[];
}

/**
 * Works out the client's state from what it holds and whether it hears from its server. What is closed stays
 * closed whatever arrives late, until it is opened again, which begins with nothing known.
 */
export class Lifecycle {
  readonly #settings: LifecycleSettings;
  #life: Life;
  #state: DownhaulState = 'starting';
  readonly #listeners: ((state: DownhaulState, message?: string) => void)[] = [];

  constructor(settings: LifecycleSettings) {
    this.#settings = settings;
    this.#life = this.#begin();
    settings.holder.onAdoption(({ source }) => {
      if (source === 'stream' || source === 'poll') {
        this.#life.contact = 'connected';
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
    const life = this.#life;
    if (!life.isStarting) return;
    const elapsed = performance.now() - life.startedAtMs;
    // This timer keeps the process alive while the host waits: everything else lets it exit.
    await atMost(life.started, Math.max(0, this.#settings.startTimeoutMs - elapsed));
    if (life === this.#life) this.#endStart();
  }

  /** Whatever was on disk has been read, or there is nothing to read. */
  localRead(): void {
    const { holder, problem } = this.#settings;
    if (problem !== undefined) this.#endStart();
    else if (holder.current) this.#endStartAfter(this.#life, LOCAL_GRACE_MS);
    this.#update();
  }

  /** What the server answered, or that it did not. */
  contact(contact: Contact, reason: string | undefined): void {
    this.#life.contact = contact;
    const local = this.#settings.holder.current !== undefined;
    if (contact === 'denied' || contact === 'connected' || local) this.#endStart();
    this.#update(reason);
  }

  /** Goes on serving for a moment, and waits for nothing more. */
  closing(): void {
    this.#life.phase = 'closing';
    this.#endStart();
    this.#update();
  }

  /** The holder holds nothing any more. */
  closed(): void {
    this.#life.phase = 'closed';
    this.#endStart();
    this.#update();
  }

  /** Begins anew after it was closed. */
  reopen(): void {
    this.#life = this.#begin();
    this.#update();
  }

  #begin(): Life {
    let finishStart: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      finishStart = resolve;
    });
    const startedAtMs = performance.now();
    const timers: Timer[] = [];
    const contact = 'unknown';
    const life: Life = {
      phase: 'open',
      contact,
      isStarting: true,
      startedAtMs,
      started,
      finishStart,
      timers,
    };
    this.#endStartAfter(life, this.#settings.startTimeoutMs);
    return life;
  }

  #endStartAfter(life: Life, delayMs: number): void {
    const end = (): void => {
      if (life === this.#life) this.#endStart();
    };
    life.timers.push(backgroundTimer(end, delayMs));
  }

  #endStart(): void {
    const life = this.#life;
    if (!life.isStarting) return;
    life.isStarting = false;
    for (const timer of life.timers) clearTimeout(timer);
    this.#update();
    life.finishStart();
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
    const { phase, contact, isStarting } = this.#life;
    if (phase !== 'open') return phase;
    if (contact === 'denied') return 'error';
    if (!holder.current) return isStarting ? 'starting' : 'error';
    if (contact === 'connected') return 'ready';
    const waiting = isStarting && contact === 'unknown' && problem === undefined;
    return waiting ? 'starting' : 'stale';
  }
}
