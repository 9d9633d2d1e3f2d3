import type { SnapshotHolder } from '../snapshot/holder.ts';
import { SnapshotIntake } from '../snapshot/intake.ts';
import { LocalCopies } from '../snapshot/local-copies.ts';
import type { TelemetryCollector } from '../telemetry/collector.ts';
import type { Clock } from '../timing/clock.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { ResolvedOptions } from './options.ts';
import { ServerLink } from './server-link.ts';

interface SessionSettings {
  /** With the instance's name in this session. */
  readonly options: ResolvedOptions;
  readonly holder: SnapshotHolder;
  readonly collector: TelemetryCollector;
  readonly lifecycle: Lifecycle;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Everything of a client that ends with its goodbye: its stream, its reports, its name. A client that starts
 * anew has another session, and is another instance to the server, since a goodbye is for good.
 */
export class Session {
  readonly local: LocalCopies;
  readonly link: ServerLink | undefined;
  readonly #settings: SessionSettings;
  readonly #intake: SnapshotIntake;
  #isClosed = false;

  constructor(settings: SessionSettings) {
    const { options, holder, diagnostics, lifecycle } = settings;
    this.#settings = settings;
    this.#intake = new SnapshotIntake({
      ...options,
      ...options.limits,
      holder,
      diagnostics,
      onRefused: (refusal) => this.link?.refuse(refusal),
      onConfirmed: () => this.link?.confirm(),
    });
    this.local = new LocalCopies({ options, intake: this.#intake, diagnostics });
    const { server } = options;
    if (!server) return;
    this.link = new ServerLink({
      ...settings,
      server,
      intake: this.#intake,
      onContact: (contact, reason) => {
        if (!this.#isClosed) lifecycle.contact(contact, reason);
      },
    });
  }

  get instance(): string {
    return this.#settings.options.instance;
  }

  /** Reads what is on disk, then speaks to the server. Never rejects. */
  async start(): Promise<void> {
    await this.local.read();
    if (this.#isClosed) return;
    this.link?.start();
    this.#settings.lifecycle.localRead();
  }

  /** Takes no snapshot any more, delivers what was counted and says goodbye, in `limitMs` at most. Never rejects. */
  async close(limitMs: number): Promise<void> {
    this.#isClosed = true;
    this.#intake.close();
    await Promise.all([this.link?.close(limitMs), this.local.close(limitMs)]);
  }
}
