import { type Acknowledgement, CAPABILITIES, SNAPSHOT_FORMAT_VERSION } from '@downhaul/engine';
import { RETRY, backoffMs } from '../timing/backoff.ts';
import type { Clock } from '../timing/clock.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import type { Transport } from '../transport/transport.ts';
import { SDK_NAME, SDK_VERSION } from '../version.ts';

const ACKNOWLEDGE_TIMEOUT_MS = 5_000;
/** A rollback is proven by acknowledgements: they are tried again soon and for ever. */
const LIMITS = { ...RETRY, firstMs: 500, maxMs: 10_000 };

interface AcknowledgerSettings {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly instance: string;
}

/** Tells the server which version is in use, at once; the latest wins. */
export class Acknowledger {
  readonly #settings: AcknowledgerSettings;
  #wanted: number | undefined;
  #sending: Promise<void> | undefined;
  #attempt = 0;
  #timer: Timer | undefined;
  #closed = false;

  constructor(settings: AcknowledgerSettings) {
    this.#settings = settings;
  }

  /** A version came into use. */
  acknowledge(version: number): void {
    this.#wanted = version;
    this.#attempt = 0;
    clearTimeout(this.#timer);
    this.#send();
  }

  /** Resolves when nothing is under way any more. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#sending;
  }

  #send(): void {
    this.#sending ??= this.#sendWanted().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendWanted(): Promise<void> {
    while (this.#wanted !== undefined && !this.#closed) {
      const version = this.#wanted;
      const waitMs = await this.#deliver(version);
      // A newer version came meanwhile: this one is of no interest any more.
      if (this.#wanted !== version) continue;
      if (waitMs === undefined) this.#wanted = undefined;
      else {
        this.#sendAfter(waitMs);
        break;
      }
    }
  }

  #sendAfter(waitMs: number): void {
    if (this.#closed) return;
    const pauseMs = Math.max(waitMs, backoffMs(LIMITS, this.#attempt, this.#settings.random));
    this.#attempt += 1;
    this.#timer = backgroundTimer(() => {
      this.#send();
    }, pauseMs);
  }

  /** Undefined when there is nothing to repeat; else how long the server asks to wait at least. */
  async #deliver(version: number): Promise<number | undefined> {
    const { transport, clock, instance } = this.#settings;
    const acknowledgement: Acknowledgement = {
      instance,
      version,
      sdk: { name: SDK_NAME, version: SDK_VERSION, formatVersion: SNAPSHOT_FORMAT_VERSION },
      capabilities: CAPABILITIES,
      reportsExposures: true,
      sentAtMs: clock.nowMs(),
    };
    try {
      const answer = await transport.exchange({
        method: 'POST',
        path: '/api/v1/sdk/acknowledgements',
        body: JSON.stringify(acknowledgement),
        timeoutMs: ACKNOWLEDGE_TIMEOUT_MS,
      });
      if (answer.status === 204) return undefined;
      // Even a refusal may pass: a replica that has not heard of the version yet, a token renewed.
      return retryAfterMs(answer.headers, clock.nowMs());
    } catch {
      return 0;
    }
  }
}
