import { SnapshotHolder } from '../snapshot/holder.ts';
import { OutcomeRecorder } from '../scope/outcome-recorder.ts';
import { Scopes } from '../scope/scopes.ts';
import { TelemetryCollector } from '../telemetry/collector.ts';
import { type Clock, createClock } from '../timing/clock.ts';
import { atMost, backgroundTimer } from '../timing/timer.ts';
import { Breakers } from '../guarded/breakers.ts';
import { DownhaulClosedError } from './closed-error.ts';
import { type Diagnostics, createDiagnostics } from './diagnostics.ts';
import { Flags } from './flags.ts';
import { createLeash } from './leash.ts';
import { Lifecycle } from './lifecycle.ts';
import { type ResolvedOptions, renewedInstance } from './options.ts';
import { Session } from './session.ts';
import type { DownhaulOptions, DownhaulStatus } from './types.ts';

/** The parts of one client, put together and started. */
export class Runtime {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly holder = new SnapshotHolder();
  readonly scopes: Scopes;
  readonly recorder: OutcomeRecorder;
  readonly breakers: Breakers;
  readonly lifecycle: Lifecycle;
  readonly flags: Flags;
  readonly #collector: TelemetryCollector;
  readonly #random: () => number;
  readonly #seed: (() => void) | undefined;
  #session: Session;
  #closing: Promise<void> | undefined;
  /** How often it was asked to close: who opens it notices that somebody closed it meanwhile. */
  #closes = 0;

  /** `seed` puts something in use at each start, before anything else: tests need no server. */
  constructor(given: DownhaulOptions, options: ResolvedOptions, seed?: () => void) {
    const { holder } = this;
    this.options = options;
    const clock = (this.clock = createClock(given.now));
    const { logger, onEvent } = given;
    const diagnostics = (this.diagnostics = createDiagnostics({ clock, logger, onEvent }));
    this.scopes = new Scopes(holder, clock);
    this.#random = given.random ?? Math.random;
    this.#seed = seed;
    this.#collector = new TelemetryCollector(clock, () => {
      // Not in the middle of somebody's request.
      backgroundTimer(() => this.#session.link?.report(), 0);
    });
    this.recorder = new OutcomeRecorder(holder, this.#collector, clock);
    this.breakers = new Breakers({ holder, diagnostics, clock });
    this.lifecycle = new Lifecycle({ ...options, holder, diagnostics });
    this.#session = this.#createSession(options);
    this.flags = this.#createFlags();
    this.#followAdoptions();
  }

  /** Reads what is on disk, then speaks to the server. Never rejects. */
  async start(): Promise<void> {
    const { problem } = this.options;
    if (problem !== undefined) this.diagnostics.error(problem);
    this.#seed?.();
    await this.#session.start();
  }

  /**
   * Resolves when it is ready, or its start time-out is over. What was closed starts anew, as another instance.
   * Rejects with `DownhaulClosedError` when it is closed meanwhile.
   */
  async open(): Promise<void> {
    const closes = this.#closes;
    const closing = this.#closing;
    if (closing) {
      await closing;
      if (closes !== this.#closes) throw new DownhaulClosedError();
      // Of several that wait, the first starts it.
      if (this.#closing === closing) this.#startAnew();
    }
    await this.lifecycle.ready();
    if (closes !== this.#closes) throw new DownhaulClosedError();
  }

  /** False from the call of `close` until it starts anew. */
  get isOpen(): boolean {
    return this.#closing === undefined;
  }

  status(): DownhaulStatus {
    const { holder, lifecycle } = this;
    const { link, local, instance } = this.#session;
    const sinceMs = holder.current && (link?.confirmedAtMs ?? local.writtenAtMs);
    const { exposures, outcomes } = this.#collector.totals;
    return {
      state: lifecycle.state,
      version: holder.current?.snapshot.version,
      ageMs: sinceMs === undefined ? undefined : Math.max(0, this.clock.nowMs() - sinceMs),
      source: holder.source,
      instance,
      unreadable: Object.fromEntries(holder.current?.unreadable ?? []),
      ...(link?.refused && { refused: link.refused }),
      dropped: { exposures, outcomes, reports: link?.discardedReports ?? 0 },
      droppedItems: link?.droppedItems ?? {},
    };
  }

  /**
   * Lets what is under way end, says goodbye to the server and stops, in `closeTimeoutMs` at most. From its
   * goodbye on the instance is in no proof, so nothing is served any more. Never rejects.
   */
  close(): Promise<void> {
    this.#closes += 1;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { closeTimeoutMs } = this.options;
    const startedAtMs = performance.now();
    this.lifecycle.closing();
    // Half of the time is the goodbye's.
    if (this.scopes.openCount > 0) await atMost(this.scopes.idle(), closeTimeoutMs / 2);
    this.holder.release();
    await this.#session.close(closeTimeoutMs - (performance.now() - startedAtMs));
    this.lifecycle.closed();
  }

  #startAnew(): void {
    this.#closing = undefined;
    // Of a time in which nothing was served.
    this.#collector.drain();
    this.#session = this.#createSession({
      ...this.options,
      instance: renewedInstance(this.options.instance),
    });
    this.lifecycle.reopen();
    void this.start();
  }

  #createSession(options: ResolvedOptions): Session {
    const { holder, lifecycle, diagnostics, clock } = this;
    const collector = this.#collector;
    const random = this.#random;
    return new Session({ options, holder, collector, lifecycle, diagnostics, clock, random });
  }

  #createFlags(): Flags {
    const isCutOff = createLeash({
      leashMs: this.options.leashMs,
      clock: this.clock,
      answeredSentAt: () => this.#session.link?.answeredSentAt,
    });
    return new Flags({
      scopes: this.scopes,
      collector: this.#collector,
      isClosed: () => !this.isOpen,
      curtailment: (exposure) => {
        if (isCutOff()) return 'STALE';
        return this.breakers.isOpen(exposure) ? 'DISABLED' : undefined;
      },
    });
  }

  #followAdoptions(): void {
    this.holder.onAdoption(({ held, source, flagsChanged }) => {
      const { version } = held.snapshot;
      const { link, local } = this.#session;
      link?.acknowledge(held);
      if (source === 'stream' || source === 'poll') local.write(held.snapshot);
      this.diagnostics.emit({ type: 'configuration', version, source, flagsChanged });
    });
  }
}
