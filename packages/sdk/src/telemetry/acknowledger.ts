import {
  type Acknowledgement,
  CAPABILITIES,
  MAX_UNREADABLE,
  type Refusal,
  SNAPSHOT_FORMAT_VERSION,
} from '@downhaul/engine';
import { RETRY, backoffMs } from '../timing/backoff.ts';
import type { Clock } from '../timing/clock.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import { problemOf } from '../transport/problem.ts';
import type { Answer, Transport } from '../transport/transport.ts';
import { SDK_NAME, SDK_VERSION } from '../version.ts';

const LONGEST_NAME = 500;
const ACKNOWLEDGE_TIMEOUT_MS = 5_000;
/** A rollback is proven by acknowledgements: they are tried again soon and for ever. */
const LIMITS = { ...RETRY, firstMs: 500, maxMs: 10_000 };

interface AcknowledgerSettings {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly instance: string;
}

/** What is in use, and what could not be used. */
interface InUse {
  /** 0: nothing. */
  readonly version: number;
  readonly unreadable: readonly string[];
  readonly refused?: Refusal;
}

/** Tells the server which version is in use, at once; the latest wins. */
export class Acknowledger {
  readonly #settings: AcknowledgerSettings;
  #wanted: InUse | undefined;
  /** The server is of a release that knows nothing of what cannot be read, and refuses to hear of it. */
  #isPlain = false;
  #sending: Promise<void> | undefined;
  #attempt = 0;
  #timer: Timer | undefined;
  #closed = false;

  constructor(settings: AcknowledgerSettings) {
    this.#settings = settings;
  }

  /** True until the server has taken the latest word. */
  get isPending(): boolean {
    return this.#wanted !== undefined;
  }

  /** Something else came into use, or was refused. */
  acknowledge(inUse: InUse): void {
    this.#wanted = inUse;
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
      const wanted = this.#wanted;
      const waitMs = await this.#deliver(wanted);
      // Something newer came meanwhile: this is of no interest any more.
      if (this.#wanted !== wanted) continue;
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
  async #deliver(inUse: InUse): Promise<number | undefined> {
    const { transport, clock, instance } = this.#settings;
    const acknowledgement: Acknowledgement = {
      instance,
      version: inUse.version,
      sdk: { name: SDK_NAME, version: SDK_VERSION, formatVersion: SNAPSHOT_FORMAT_VERSION },
      capabilities: CAPABILITIES,
      reportsExposures: true,
      sentAtMs: clock.nowMs(),
      ...(this.#isPlain ? {} : readingOf(inUse)),
    };
    try {
      const answer = await transport.exchange({
        method: 'POST',
        path: '/api/v1/sdk/acknowledgements',
        body: JSON.stringify(acknowledgement),
        timeoutMs: ACKNOWLEDGE_TIMEOUT_MS,
      });
      if (answer.status === 204) return undefined;
      if (isUnknownMember(answer) && Object.keys(readingOf(inUse)).length > 0) this.#isPlain = true;
      // Even a refusal may pass: a replica that has not heard of the version yet, a token renewed.
      return retryAfterMs(answer.headers, clock.nowMs());
    } catch {
      return 0;
    }
  }
}

function readingOf({ unreadable, refused }: InUse): Partial<Acknowledgement> {
  const more = unreadable.length - MAX_UNREADABLE;
  return {
    ...(unreadable.length > 0 && { unreadable: unreadable.slice(0, MAX_UNREADABLE).map(nameOf) }),
    ...(more > 0 && { unreadableMore: more }),
    ...(refused && { refused }),
  };
}

/** Whatever stood in the place of a key, the server must not refuse to hear of it. */
function nameOf(key: string): string {
  return key.slice(0, LONGEST_NAME) || '(empty)';
}

function isUnknownMember(answer: Answer): boolean {
  return problemOf(answer)?.code === 'body_invalid';
}
