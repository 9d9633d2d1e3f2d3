import type { IncomingMessage } from 'node:http';
import { describe } from '../client/diagnostics.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import type { Transport } from '../transport/transport.ts';
import { type ReadMessage, readMessage } from './message.ts';
import { SseParser } from './sse-parser.ts';

/** Heartbeats that may be missed before the connection counts as dead. */
const HEARTBEATS_MISSED = 2.5;

interface ConnectionInput {
  readonly transport: Transport;
  /** What is held; absent to ask for the whole snapshot. */
  readonly held: { readonly version: number; readonly hash: string } | undefined;
  /** Takes a message; a text ends the connection with that reason. */
  readonly onMessage: (message: ReadMessage) => string | undefined;
  /** From opening the stream to its first event; after it the heartbeats count. */
  readonly helloTimeoutMs: number;
  readonly nowMs: () => number;
}

export interface ConnectionEnd {
  readonly reason: string;
  /** Status of an answer that was no stream. */
  readonly status?: number;
  readonly retryAfterMs?: number;
}

export interface Connection {
  /** Never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  close(reason: string): void;
}

/** Opens the stream and reads it until it breaks, falls silent or is closed. */
export function connect(input: ConnectionInput): Connection {
  const reader = new ConnectionReader(input);
  return { ended: reader.run(), close: (reason) => reader.end(reason) };
}

class ConnectionReader {
  readonly #input: ConnectionInput;
  #response: IncomingMessage | undefined;
  #silence: Timer | undefined;
  #silenceMs: number;
  #finish: (end: ConnectionEnd) => void = () => undefined;
  #reason: string | undefined;

  constructor(input: ConnectionInput) {
    this.#input = input;
    this.#silenceMs = input.helloTimeoutMs;
  }

  async run(): Promise<ConnectionEnd> {
    try {
      const response = await this.#open();
      if (this.#reason !== undefined) return this.#refuse(response, { reason: this.#reason });
      if (response.statusCode !== 200) return this.#refuse(response, this.#unexpected(response));
      if (!response.headers['content-type']?.includes('text/event-stream')) {
        return this.#refuse(response, { reason: 'the stream is no event stream' });
      }
      return await this.#read(response);
    } catch (error) {
      return { reason: describe(error) };
    }
  }

  end(reason: string): void {
    this.#reason ??= reason;
    clearTimeout(this.#silence);
    this.#response?.destroy();
    this.#finish({ reason });
  }

  #open(): Promise<IncomingMessage> {
    const { transport, held, helloTimeoutMs } = this.#input;
    return transport.open({
      method: 'GET',
      path: '/api/v1/sdk/stream',
      headers: {
        accept: 'text/event-stream',
        'cache-control': 'no-cache',
        ...(held && { 'last-event-id': String(held.version) }),
      },
      ...(held && { query: { hash: held.hash } }),
      timeoutMs: helloTimeoutMs,
    });
  }

  #refuse(response: IncomingMessage, end: ConnectionEnd): ConnectionEnd {
    response.on('error', () => undefined);
    response.destroy();
    return end;
  }

  #unexpected(response: IncomingMessage): ConnectionEnd {
    const status = response.statusCode ?? 0;
    const waitMs = retryAfterMs(response.headers, this.#input.nowMs());
    return { reason: `the stream was answered with ${status}`, status, retryAfterMs: waitMs };
  }

  #read(response: IncomingMessage): Promise<ConnectionEnd> {
    this.#response = response;
    return new Promise((resolve) => {
      this.#finish = resolve;
      const parser = new SseParser((event) => this.#take(readMessage(event)));
      this.#listenFor();
      response.on('data', (chunk: Buffer) => {
        if (this.#reason !== undefined) return;
        try {
          parser.push(chunk);
        } catch (error) {
          this.end(describe(error));
        }
      });
      response.on('error', (error) => this.end(describe(error)));
      response.on('close', () => this.end('the stream was closed'));
    });
  }

  #take(message: ReadMessage): void {
    if (this.#reason !== undefined) return;
    if (message.event === 'hello') {
      this.#silenceMs = message.data.heartbeatMs * HEARTBEATS_MISSED;
    }
    this.#listenFor();
    const reason = this.#input.onMessage(message);
    if (reason !== undefined) this.end(reason);
  }

  #listenFor(): void {
    clearTimeout(this.#silence);
    this.#silence = backgroundTimer(() => this.end('the stream fell silent'), this.#silenceMs);
  }
}
