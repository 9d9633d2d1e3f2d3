import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { SDK_VERSION } from '../version.ts';
import { backgroundTimer } from '../timing/timer.ts';

interface TransportSettings {
  readonly url: URL;
  readonly token: string;
  readonly instance: string;
  readonly project: string | undefined;
  readonly environment: string | undefined;
}

interface Call {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, such as `/api/v1/sdk/snapshot`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** For the whole exchange; of `open`, until the headers. */
  readonly timeoutMs: number;
  /** Largest body that is read; default 64 MB. */
  readonly maxBytes?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * HTTP to one server. It uses `node:http` rather than `fetch`, because a socket of `fetch` keeps the
 * host's process alive for as long as the stream is open, and a host may replace or instrument `fetch`.
 */
export class Transport {
  readonly #settings: TransportSettings;
  readonly #secure: boolean;
  readonly #agent: HttpAgent;
  readonly #active = new Set<ClientRequest>();
  #closed = false;

  constructor(settings: TransportSettings) {
    this.#settings = settings;
    this.#secure = settings.url.protocol === 'https:';
    const options = { keepAlive: true, maxSockets: 8, maxFreeSockets: 2 };
    this.#agent = this.#secure ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** Sends a request and reads its whole answer. Rejects on a network error and after `timeoutMs`. */
  async exchange(call: Call): Promise<Answer> {
    try {
      return await this.#exchangeOnce(call);
    } catch (error) {
      // A kept connection that the server closed at this very moment says nothing about the server.
      if (error instanceof StaleConnectionError) return this.#exchangeOnce(call);
      throw error;
    }
  }

  /** Sends a request and resolves at its headers; the caller reads and destroys the answer. */
  open(call: Call): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = this.#send(call, reject);
      const timer = backgroundTimer(() => request.destroy(timedOut(call)), call.timeoutMs);
      request.once('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      request.once('close', () => clearTimeout(timer));
    });
  }

  /** Aborts everything under way; later calls reject. */
  close(): void {
    this.#closed = true;
    for (const request of this.#active) request.destroy(new Error('the client was closed'));
    this.#agent.destroy();
  }

  #exchangeOnce(call: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = this.#send(call, reject);
      const timer = backgroundTimer(() => request.destroy(timedOut(call)), call.timeoutMs);
      let hasBegun = false;
      request.once('close', () => {
        clearTimeout(timer);
        // An answer that has begun is judged by its reader, which may still have some of it to read.
        if (!hasBegun) reject(new Error(`the connection closed before ${call.path} was answered`));
      });
      request.once('response', (response) => {
        hasBegun = true;
        readBody(response, call.maxBytes ?? MAX_BYTES).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          (error: unknown) => {
            reject(error instanceof Error ? error : new Error(String(error)));
            request.destroy();
          },
        );
      });
    });
  }

  #send(call: Call, reject: (error: Error) => void): ClientRequest {
    if (this.#closed) throw new Error('the client was closed');
    const start = this.#secure ? httpsRequest : httpRequest;
    const request = start(this.#target(call), {
      method: call.method,
      agent: this.#agent,
      headers: this.#headers(call),
    });
    this.#active.add(request);
    request.once('socket', (socket) => socket.unref());
    request.once('close', () => this.#active.delete(request));
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && error.code === 'ECONNRESET';
      reject(stale ? new StaleConnectionError('the kept connection was closed') : error);
    });
    request.end(call.body);
    return request;
  }

  #target(call: Call): URL {
    const { url, project, environment } = this.#settings;
    const target = new URL(url.href);
    target.pathname = url.pathname.replace(/\/+$/, '') + call.path;
    for (const [name, value] of Object.entries({ project, environment, ...call.query })) {
      if (value !== undefined) target.searchParams.set(name, value);
    }
    return target;
  }

  #headers(call: Call): OutgoingHttpHeaders {
    const { token, instance } = this.#settings;
    return {
      authorization: `Bearer ${token}`,
      'downhaul-instance': instance,
      'user-agent': `downhaul-sdk/${SDK_VERSION} node/${process.versions.node}`,
      accept: 'application/json',
      ...(call.body === undefined
        ? {}
        : {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(call.body),
          }),
      ...call.headers,
    };
  }
}

class StaleConnectionError extends Error {}

function timedOut(call: Call): Error {
  return new Error(`${call.path} was not answered within ${call.timeoutMs} ms`);
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error('the answer broke off');
  return Buffer.concat(chunks).toString('utf8');
}
