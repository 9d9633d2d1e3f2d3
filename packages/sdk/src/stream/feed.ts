import type { StreamHello } from '@downhaul/engine';
import type { Diagnostics } from '../client/diagnostics.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { SnapshotIntake, Verdict } from '../snapshot/intake.ts';
import { RECONNECT, RECONNECT_AFTER_LONG, backoffMs } from '../timing/backoff.ts';
import { type Clock, type Moment, elapsedMs, momentOf } from '../timing/clock.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';
import type { Transport } from '../transport/transport.ts';
import { type Connection, type ConnectionEnd, connect } from './connection.ts';
import type { ReadMessage } from './message.ts';
import { type PollResult, Poller } from './poll.ts';

/** `unknown`: nothing was answered yet. `denied`: the token was refused. */
export type Contact = 'unknown' | 'connected' | 'cut off' | 'denied';

interface FeedSettings {
  readonly transport: Transport;
  readonly holder: SnapshotHolder;
  readonly intake: SnapshotIntake;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly random: () => number;
  readonly pollIntervalMs: number;
  /** How long the stream may take at the start before polling begins beside it. */
  readonly pollGraceMs: number;
  readonly helloTimeoutMs: number;
  readonly pollTimeoutMs: number;
  readonly onHello: (hello: StreamHello) => void;
  readonly onContact: (contact: Contact, reason: string | undefined) => void;
}

/** A connection that lasted so long was a good one: the next failure starts over with short delays. */
const SETTLED_MS = 5_000;
const ATTEMPTS_UNTIL_LONG = 8;
const DENIED_PAUSE_MS = 30_000;
/** A server that goes away takes all its streams with it; their polls must not all come at once. */
const SPREAD_POLLS_MS = 2_000;

/** Keeps what is held up to date: by the stream, and by polling while the stream is away. */
export class SnapshotFeed {
  readonly #settings: FeedSettings;
  readonly #poller: Poller;
  #contact: Contact = 'unknown';
  #connection: Connection | undefined;
  #connectSentAt: Moment | undefined;
  #healthySince: Moment | undefined;
  #answeredSentAt: Moment | undefined;
  #confirmedAtMs: number | undefined;
  #wantsWhole = false;
  #attempt = 0;
  #reconnectTimer: Timer | undefined;
  #pollTimer: Timer | undefined;
  #polling = false;
  #closed = false;

  constructor(settings: FeedSettings) {
    this.#settings = settings;
    this.#poller = new Poller({ ...settings, nowMs: () => settings.clock.nowMs() });
  }

  get contact(): Contact {
    return this.#contact;
  }

  /** When the server last confirmed what is held, on the wall clock. */
  get confirmedAtMs(): number | undefined {
    return this.#confirmedAtMs;
  }

  /** When the request was sent that the last answer about the snapshot answers. */
  get answeredSentAt(): Moment | undefined {
    return this.#answeredSentAt;
  }

  start(): void {
    this.#connect();
    this.#pollAfter(this.#settings.pollGraceMs);
  }

  /**
   * Another request was answered. While the stream is alive, whatever the server answers proves that
   * the snapshot held was its own at the time of asking; without the stream it proves nothing.
   */
  answered(sentAt: Moment): void {
    if (this.#isStreaming()) this.#answeredSentAt = sentAt;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#reconnectTimer);
    clearTimeout(this.#pollTimer);
    this.#connection?.close('the client was closed');
  }

  #isStreaming(): boolean {
    return this.#healthySince !== undefined;
  }

  #connect(): void {
    if (this.#closed) return;
    const { transport, holder, helloTimeoutMs, clock } = this.#settings;
    const snapshot = this.#wantsWhole ? undefined : holder.current?.snapshot;
    this.#wantsWhole = false;
    this.#connectSentAt = momentOf(clock);
    this.#connection = connect({
      transport,
      held: snapshot && { version: snapshot.version, hash: snapshot.hash },
      onMessage: (message) => this.#take(message),
      helloTimeoutMs,
      nowMs: () => clock.nowMs(),
    });
    void this.#connection.ended.then((end) => this.#disconnected(end));
  }

  /** Returns why the connection has to end, if it has to. */
  #take(message: ReadMessage): string | undefined {
    const { holder, intake } = this.#settings;
    if (this.#isStreaming()) this.#confirmedAtMs = this.#settings.clock.nowMs();
    switch (message.event) {
      case 'hello':
        this.#settings.onHello(message.data);
        // Anything else will follow by itself; until then what is held is not the server's.
        if (holder.current?.snapshot.version === message.data.version) return this.#judge('same');
        return undefined;
      case 'snapshot':
        return this.#judge(intake.offerSnapshot(message.content, 'stream'));
      case 'delta':
        return this.#judge(intake.offerDelta(message.content));
      case 'heartbeat':
        return this.#missed(message.version) ? this.#restart('a version was missed') : undefined;
      case 'unknown':
        return undefined;
    }
  }

  #judge(verdict: Verdict): string | undefined {
    if (verdict === 'refused') return this.#restart('what the stream sent was refused');
    if (verdict === 'resync') return this.#restart('a delta was of another version');
    if (verdict === 'same') this.#settings.intake.heard('stream');
    if (!this.#isStreaming()) this.#streaming();
    return undefined;
  }

  #missed(version: number): boolean {
    const held = this.#settings.holder.current?.snapshot.version;
    return held === undefined || version > held;
  }

  #restart(reason: string): string {
    this.#wantsWhole = true;
    return reason;
  }

  #streaming(): void {
    this.#healthySince = momentOf(this.#settings.clock);
    this.#confirmedAtMs = this.#healthySince.wallMs;
    if (this.#connectSentAt) this.#answeredSentAt = this.#connectSentAt;
    clearTimeout(this.#pollTimer);
    this.#pollTimer = undefined;
    this.#setContact('connected');
  }

  #disconnected(end: ConnectionEnd): void {
    if (this.#closed) return;
    const { clock, random, diagnostics } = this.#settings;
    const healthySince = this.#healthySince;
    this.#healthySince = undefined;
    const settled = healthySince && elapsedMs(clock, healthySince) >= SETTLED_MS;
    this.#attempt = settled ? 0 : this.#attempt + 1;
    const limits = this.#attempt > ATTEMPTS_UNTIL_LONG ? RECONNECT_AFTER_LONG : RECONNECT;
    const denied = end.status === 401 || end.status === 403;
    const pauseMs = Math.max(
      backoffMs(limits, this.#attempt, random),
      end.retryAfterMs ?? 0,
      denied ? DENIED_PAUSE_MS * (0.5 + random()) : 0,
    );
    diagnostics.info(`${end.reason}; connecting again in ${Math.round(pauseMs)} ms`);
    this.#reconnectTimer = backgroundTimer(() => this.#connect(), pauseMs);
    if (healthySince) this.#pollAfter(random() * SPREAD_POLLS_MS);
    else if (this.#contact === 'unknown') this.#pollAfter(0);
  }

  #pollAfter(delayMs: number): void {
    if (this.#closed || this.#polling) return;
    clearTimeout(this.#pollTimer);
    this.#pollTimer = backgroundTimer(() => {
      void this.#poll();
    }, delayMs);
  }

  async #poll(): Promise<void> {
    this.#pollTimer = undefined;
    this.#polling = true;
    const sentAt = momentOf(this.#settings.clock);
    const result = await this.#poller.poll();
    this.#polling = false;
    if (this.#closed) return;
    if (result.outcome === 'confirmed') {
      this.#answeredSentAt = sentAt;
      this.#confirmedAtMs = this.#settings.clock.nowMs();
    }
    if (this.#isStreaming()) return;
    this.#setContact(CONTACT_OF[result.outcome], result.reason);
    this.#pollAfter(this.#pollPauseMs(result));
  }

  #pollPauseMs(result: PollResult): number {
    const { pollIntervalMs, random } = this.#settings;
    const pauseMs = pollIntervalMs * (0.8 + 0.4 * random());
    const deniedMs = result.outcome === 'denied' ? DENIED_PAUSE_MS : 0;
    return Math.max(pauseMs, result.retryAfterMs ?? 0, deniedMs);
  }

  #setContact(contact: Contact, reason?: string): void {
    if (contact !== 'connected') {
      this.#settings.diagnostics.warn(`no snapshot from the server, ${reason ?? 'no answer'}`);
    }
    this.#contact = contact;
    this.#settings.onContact(contact, reason);
  }
}

const CONTACT_OF = { confirmed: 'connected', failed: 'cut off', denied: 'denied' } as const;
