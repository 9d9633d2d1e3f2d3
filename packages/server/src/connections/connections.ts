import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../metrics/registry.ts';
import { addressKey } from './address-key.ts';
import type { ConnectionLimits } from './limits.ts';
import { type Stranger, Strangers } from './strangers.ts';

/** All connections of this server: who they are of, and what is under way on them. */
export interface Connections {
  /** Follows every connection of a server, before it listens. */
  follow(server: Server): void;
  /** A request on the connection was authorised. False: there are too many connections of SDKs. */
  admit(socket: Socket, kind: 'sdk' | 'other'): boolean;
  /**
   * Ends every connection once what is under way on it is answered, idle ones at once, and what is left after
   * `limitMs` by force. Resolves when none is open, with the number of requests that were under way then.
   */
  drain(limitMs: number): Promise<number>;
}

interface ConnectionsInput {
  readonly limits: ConnectionLimits;
  readonly metrics: Metrics;
  /** Of what happens too often for a line each. */
  readonly warn: (figures: object, text: string) => void;
}

interface Connection extends Stranger {
  /** Of TLS once that has begun. */
  socket: Socket;
  of: 'stranger' | 'sdk' | 'other';
  /** Since when it is as it is: opened, answering, or idle after an answer. */
  sinceMs: number;
  /** Bytes that had come when the last request was over: more than that belongs to the next. */
  bytesBefore: number;
  hadRequest: boolean;
  readonly answers: Set<ServerResponse>;
}

/** A stranger may take so long to its first request, to send it and to read its answer, and to its next. */
const FIRST_REQUEST_MS = 12_000;
const ANSWER_MS = 40_000;
const IDLE_MS = 5_000;
const SWEEP_MS = 1_000;
const SWEEPS_PER_WARNING = 10;
/** At the stop: who was just let in is about to send a request. */
const ABOUT_TO_SEND_MS = 500;
const DRAIN_LOOK_MS = 10;

export function createConnections(input: ConnectionsInput): Connections {
  return new FollowedConnections(input);
}

class FollowedConnections implements Connections {
  readonly #input: ConnectionsInput;
  readonly #open = new Set<Connection>();
  readonly #bySocket = new WeakMap<Socket, Connection>();
  /** By the other end of it: a socket of TLS is another one than that of its connection. */
  readonly #byPeer = new Map<string, Connection>();
  readonly #strangers: Strangers<Connection>;
  readonly #sweeper: NodeJS.Timeout;
  #sdk = 0;
  #ended = 0;
  #sweeps = 0;
  #isDraining = false;

  constructor(input: ConnectionsInput) {
    const { metrics, limits } = input;
    this.#input = input;
    this.#strangers = new Strangers(limits);
    metrics.gauge('downhaul_connections_open', 'Open connections.', () => this.#open.size);
    metrics.gauge(
      'downhaul_connections_without_token',
      'Open connections without an authorised request yet.',
      () => this.#strangers.size,
    );
    metrics.declare(
      'downhaul_connections_ended_total',
      'counter',
      'Connections ended by the server, by cause.',
    );
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  follow(server: Server): void {
    server.on('connection', (socket: Socket) => this.#opened(socket));
    server.on('secureConnection', (socket: Socket) => this.#secured(socket));
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#began(request.socket, response),
    );
  }

  admit(socket: Socket, kind: 'sdk' | 'other'): boolean {
    const connection = this.#bySocket.get(socket);
    if (connection === undefined || connection.of === kind || connection.of === 'sdk') return true;
    if (kind === 'sdk' && this.#sdk >= this.#input.limits.sdk) return false;
    this.#strangers.remove(connection);
    connection.of = kind;
    if (kind === 'sdk') this.#sdk += 1;
    return true;
  }

  async drain(limitMs: number): Promise<number> {
    this.#isDraining = true;
    const startedMs = performance.now();
    while (this.#open.size > 0 && performance.now() - startedMs < limitMs) {
      for (const connection of this.#open) this.#endIfIdle(connection);
      await sleep(DRAIN_LOOK_MS);
    }
    clearInterval(this.#sweeper);
    let reset = 0;
    for (const connection of this.#open) {
      reset += Math.max(connection.answers.size, this.#isSending(connection) ? 1 : 0);
      this.#end(connection, 'stopping');
    }
    return reset;
  }

  #opened(socket: Socket): void {
    const nowMs = performance.now();
    const { remoteAddress = '' } = socket;
    const connection: Connection = {
      ...{ socket, of: 'stranger', address: addressKey(remoteAddress), openedAtMs: nowMs },
      ...{ sinceMs: nowMs, bytesBefore: 0, hadRequest: false, answers: new Set() },
    };
    const peer = peerOf(socket);
    this.#open.add(connection);
    this.#bySocket.set(socket, connection);
    this.#byPeer.set(peer, connection);
    socket.once('close', () => {
      this.#open.delete(connection);
      if (this.#byPeer.get(peer) === connection) this.#byPeer.delete(peer);
      this.#strangers.remove(connection);
      if (connection.of === 'sdk') this.#sdk -= 1;
    });
    const leaving = this.#strangers.add(connection);
    if (leaving) this.#end(leaving, 'too_many');
  }

  #secured(socket: Socket): void {
    const connection = this.#byPeer.get(peerOf(socket));
    if (connection === undefined) return;
    connection.socket = socket;
    connection.bytesBefore = socket.bytesRead;
    this.#bySocket.set(socket, connection);
  }

  #began(socket: Socket, response: ServerResponse): void {
    const connection = this.#bySocket.get(socket);
    if (connection === undefined) return;
    connection.answers.add(response);
    connection.hadRequest = true;
    connection.sinceMs = performance.now();
    if (this.#isDraining) response.setHeader('connection', 'close');
    response.once('close', () => {
      connection.answers.delete(response);
      connection.sinceMs = performance.now();
      connection.bytesBefore = socket.bytesRead;
    });
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const connection of this.#strangers) {
      const { hadRequest, answers, sinceMs } = connection;
      const limitMs = !hadRequest ? FIRST_REQUEST_MS : answers.size > 0 ? ANSWER_MS : IDLE_MS;
      if (nowMs - sinceMs > limitMs && !this.#isDraining) this.#end(connection, 'without_request');
    }
    this.#sweeps += 1;
    if (this.#ended === 0 || this.#sweeps % SWEEPS_PER_WARNING !== 1) return;
    const { limits, warn } = this.#input;
    const figures = { ended: this.#ended, open: this.#open.size, limits };
    warn(figures, 'connections without a token were ended: there were too many');
    this.#ended = 0;
  }

  /** At the stop. What is being answered, or sent, stays. */
  #endIfIdle(connection: Connection): void {
    const { answers, hadRequest, openedAtMs, socket } = connection;
    for (const answer of answers) {
      if (!answer.headersSent) answer.setHeader('connection', 'close');
    }
    if (answers.size > 0 || this.#isSending(connection)) return;
    if (!hadRequest && performance.now() - openedAtMs < ABOUT_TO_SEND_MS) return;
    socket.destroySoon();
  }

  #isSending({ socket, bytesBefore, answers }: Connection): boolean {
    return answers.size === 0 && socket.bytesRead > bytesBefore;
  }

  #end({ socket }: Connection, cause: 'too_many' | 'without_request' | 'stopping'): void {
    this.#input.metrics.count('downhaul_connections_ended_total', 1, { cause });
    if (cause === 'too_many') this.#ended += 1;
    socket.destroy();
  }
}

function peerOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
