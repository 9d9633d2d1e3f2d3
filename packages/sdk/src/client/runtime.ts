import { SnapshotHolder } from '../snapshot/holder.ts';
import { SnapshotIntake } from '../snapshot/intake.ts';
import { LocalCopies } from '../snapshot/local-copies.ts';
import { OutcomeRecorder } from '../scope/outcome-recorder.ts';
import { Scopes } from '../scope/scopes.ts';
import { TelemetryCollector } from '../telemetry/collector.ts';
import { type Clock, createClock } from '../timing/clock.ts';
import { backgroundTimer } from '../timing/timer.ts';
import { Breakers } from '../guarded/breakers.ts';
import { type Diagnostics, createDiagnostics } from './diagnostics.ts';
import { Flags } from './flags.ts';
import { createLeash } from './leash.ts';
import { Lifecycle } from './lifecycle.ts';
import type { ResolvedOptions } from './options.ts';
import { ServerLink } from './server-link.ts';
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
  readonly #intake: SnapshotIntake;
  readonly #local: LocalCopies;
  readonly #link: ServerLink | undefined;
  #closing: Promise<void> | undefined;

  constructor(given: DownhaulOptions, options: ResolvedOptions) {
    const { holder } = this;
    this.options = options;
    const clock = (this.clock = createClock(given.now));
    const { logger, onEvent } = given;
    const diagnostics = (this.diagnostics = createDiagnostics({ clock, logger, onEvent }));
    this.scopes = new Scopes(holder, clock);
    this.#collector = new TelemetryCollector(clock, () => {
      // Not in the middle of somebody's request.
      backgroundTimer(() => this.#link?.report(), 0);
    });
    this.recorder = new OutcomeRecorder(holder, this.#collector, clock);
    this.breakers = new Breakers({ holder, diagnostics, clock });
    this.lifecycle = new Lifecycle({ ...options, holder, diagnostics });
    this.#intake = new SnapshotIntake({ ...options, ...options.limits, holder, diagnostics });
    this.#local = new LocalCopies({ options, intake: this.#intake, diagnostics });
    this.#link = this.#createLink(given.random ?? Math.random);
    const isCutOff = createLeash({
      leashMs: options.leashMs,
      clock,
      answeredSentAt: () => this.#link?.answeredSentAt,
    });
    this.flags = new Flags({
      scopes: this.scopes,
      collector: this.#collector,
      curtailment: (exposure) => {
        if (isCutOff()) return 'STALE';
        return this.breakers.isOpen(exposure) ? 'DISABLED' : undefined;
      },
    });
    this.#followAdoptions();
  }

  /** Reads what is on disk, then speaks to the server. Never rejects. */
  async start(): Promise<void> {
    const { problem } = this.options;
    if (problem !== undefined) this.diagnostics.error(problem);
    await this.#local.read();
    if (this.#closing) return;
    this.#link?.start();
    this.lifecycle.localRead();
  }

  status(): DownhaulStatus {
    const { holder, lifecycle, options } = this;
    const sinceMs = this.#link?.confirmedAtMs ?? this.#local.writtenAtMs;
    const { exposures, outcomes } = this.#collector.totals;
    return {
      state: lifecycle.state,
      version: holder.current?.snapshot.version,
      ageMs: sinceMs === undefined ? undefined : Math.max(0, this.clock.nowMs() - sinceMs),
      source: holder.source,
      instance: options.instance,
      dropped: { exposures, outcomes, reports: this.#link?.discardedReports ?? 0 },
    };
  }

  /** Says goodbye to the server and stops; what is held stays in use. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.lifecycle.close();
    this.#intake.close();
    await Promise.all([
      this.#link?.close(this.options.closeTimeoutMs),
      this.#local.close(this.options.closeTimeoutMs),
    ]);
  }

  #createLink(random: () => number): ServerLink | undefined {
    const { server } = this.options;
    if (!server) return undefined;
    return new ServerLink({
      server,
      options: this.options,
      holder: this.holder,
      intake: this.#intake,
      collector: this.#collector,
      diagnostics: this.diagnostics,
      clock: this.clock,
      random,
      onContact: (contact, reason) => this.lifecycle.contact(contact, reason),
    });
  }

  #followAdoptions(): void {
    this.holder.onAdoption(({ held, source, flagsChanged }) => {
      const { version } = held.snapshot;
      this.#link?.acknowledge(version);
      if (source === 'stream' || source === 'poll') this.#local.write(held.snapshot);
      this.diagnostics.emit({ type: 'configuration', version, source, flagsChanged });
    });
  }
}
