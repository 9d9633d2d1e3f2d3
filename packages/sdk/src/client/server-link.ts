import type { Refusal } from '@downhaul/engine';
import type { Held } from '../snapshot/held.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { SnapshotIntake } from '../snapshot/intake.ts';
import { type Contact, SnapshotFeed } from '../stream/feed.ts';
import { Acknowledger } from '../telemetry/acknowledger.ts';
import type { TelemetryCollector } from '../telemetry/collector.ts';
import { Reporter } from '../telemetry/reporter.ts';
import type { Clock, Moment } from '../timing/clock.ts';
import { atMost } from '../timing/timer.ts';
import { Transport } from '../transport/transport.ts';
import type { Diagnostics } from './diagnostics.ts';
import { sayGoodbye } from './goodbye.ts';
import type { ResolvedOptions } from './options.ts';

interface ServerLinkSettings {
  readonly server: { readonly url: URL; readonly token: string };
  readonly options: ResolvedOptions;
  readonly holder: SnapshotHolder;
  readonly intake: SnapshotIntake;
  readonly collector: TelemetryCollector;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onContact: (contact: Contact, reason: string | undefined) => void;
}

/** Polling begins beside a stream that takes longer than this to begin. */
const POLL_GRACE_MS = 2_000;

/** Everything that goes over the network, from the first request to the goodbye. */
export class ServerLink {
  readonly #settings: ServerLinkSettings;
  readonly #transport: Transport;
  readonly #feed: SnapshotFeed;
  readonly #reporter: Reporter;
  readonly #acknowledger: Acknowledger;
  #held: Held | undefined;
  #refused: Refusal | undefined;
  #isClosing = false;

  constructor(settings: ServerLinkSettings) {
    const { server, options, holder, intake, collector, diagnostics, clock, random } = settings;
    const { instance } = options;
    const transport = new Transport({ ...server, ...options });
    const common = { transport, diagnostics, clock, random, ...options.limits };
    this.#settings = settings;
    this.#transport = transport;
    this.#acknowledger = new Acknowledger({ ...common, instance });
    this.#reporter = new Reporter({
      ...common,
      instance,
      collector,
      version: () => this.#reportableVersion(),
      onAnswered: (sentAt) => this.#feed.answered(sentAt),
    });
    this.#feed = new SnapshotFeed({
      ...common,
      holder,
      intake,
      pollIntervalMs: options.pollIntervalMs,
      pollGraceMs: Math.min(POLL_GRACE_MS, options.startTimeoutMs / 2),
      onHello: (hello) => this.#reporter.setInterval(hello.reportIntervalMs),
      onContact: settings.onContact,
    });
  }

  get answeredSentAt(): Moment | undefined {
    return this.#feed.answeredSentAt;
  }

  get confirmedAtMs(): number | undefined {
    return this.#feed.confirmedAtMs;
  }

  /** Reports that the server refused. */
  get droppedItems(): Readonly<Record<string, number>> {
    return this.#reporter.droppedItems;
  }

  get discardedReports(): number {
    return this.#reporter.discarded;
  }

  start(): void {
    this.#feed.start();
    this.#reporter.start();
  }

  /** A version came into use. */
  acknowledge(held: Held): void {
    this.#held = held;
    this.#refused = undefined;
    this.#tell();
  }

  /** A version cannot be used: told once, however often it comes. */
  refuse(refusal: Refusal): void {
    const { version, why } = this.#refused ?? {};
    if (version === refusal.version && why === refusal.why) return;
    this.#refused = refusal;
    this.#tell();
  }

  /** What is held is the server's: nothing is refused any more. */
  confirm(): void {
    if (this.#refused === undefined) return;
    this.#refused = undefined;
    this.#tell();
  }

  /** What the server has and this instance cannot use; undefined: nothing. */
  get refused(): Refusal | undefined {
    return this.#refused;
  }

  /** Sends a report before its time. */
  report(): void {
    this.#reporter.report();
  }

  /** Delivers the last report, says goodbye and hangs up, in `limitMs` at most. Never rejects. */
  async close(limitMs: number): Promise<void> {
    this.#feed.close();
    this.#isClosing = true;
    await atMost(this.#leave(limitMs), limitMs);
    this.#transport.close();
  }

  #tell(): void {
    this.#acknowledger.acknowledge({
      version: this.#held?.snapshot.version ?? 0,
      unreadable: [...(this.#held?.unreadable.keys() ?? [])],
      ...(this.#refused && { refused: this.#refused }),
    });
  }

  /** A report is an acknowledgement, too: what cannot be read is told before, or a proof would overlook it. */
  #reportableVersion(): number | undefined {
    const held = this.#held;
    const mustWait = this.#acknowledger.isPending && held !== undefined && held.unreadable.size > 0;
    return mustWait && !this.#isClosing ? undefined : held?.snapshot.version;
  }

  async #leave(limitMs: number): Promise<void> {
    // What arrives behind the goodbye would be a word of somebody who is gone.
    await Promise.all([this.#reporter.close(), this.#acknowledger.close()]);
    await sayGoodbye({
      transport: this.#transport,
      instance: this.#settings.options.instance,
      lastSequence: this.#reporter.lastSequence,
      timeoutMs: limitMs,
    });
  }
}
