import {
  type Acknowledgement,
  type Goodbye,
  type Snapshot,
  type TelemetryReport,
  diffSnapshots,
} from '@downhaul/engine';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Route = 'stream' | 'snapshot' | 'reports' | 'acknowledgements' | 'goodbyes';

/** Takes the place of a route's answer; returning false lets the route answer as ever. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

interface SeenRequest {
  readonly route: Route;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
}

/** A Downhaul server as the SDK sees it, on a free port, with faults to order. */
export class FakeServer {
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  readonly #sequences = new Set<string>();
  readonly faults: Partial<Record<Route, Fault>> = {};
  readonly requests: SeenRequest[] = [];
  readonly reports: TelemetryReport[] = [];
  /** Reports whose instance and sequence had been seen before. */
  readonly duplicates: TelemetryReport[] = [];
  readonly acknowledgements: Acknowledgement[] = [];
  readonly goodbyes: Goodbye[] = [];
  heartbeatMs = 1_000;
  reportIntervalMs = 60;
  token = 'token-of-tests';
  snapshot: Snapshot;

  private constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(snapshot: Snapshot, port = 0): Promise<FakeServer> {
    const server = new FakeServer(snapshot);
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** What all reports said, put together. */
  get exposures() {
    return this.reports.flatMap((report) => report.exposures);
  }

  get outcomes() {
    return this.reports.flatMap((report) => report.outcomes);
  }

  get activity() {
    return this.reports.flatMap((report) => report.activity);
  }

  count(route: Route): number {
    return this.requests.filter((request) => request.route === route).length;
  }

  /** Puts a snapshot in force and sends every stream its delta. */
  publish(next: Snapshot): void {
    const delta = diffSnapshots(this.snapshot, next);
    this.snapshot = next;
    for (const stream of this.#streams) {
      if (delta) sendEvent(stream, 'delta', delta);
      else sendEvent(stream, 'snapshot', next);
    }
  }

  /** Sends every stream a raw event, or raw text. */
  send(text: string): void {
    for (const stream of this.#streams) stream.write(text);
  }

  /** Breaks every connection; new ones are served. */
  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const route = /^\/api\/v1\/sdk\/(\w+)$/.exec(url.pathname)?.[1] as Route | undefined;
    if (!route) return problem(response, 404, 'not-found');
    this.requests.push({ route, url, headers: request.headers });
    if (this.faults[route]?.(request, response)) return;
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      return problem(response, 401, 'token-unknown');
    }
    if (route === 'stream') return this.#stream(request, { url, response });
    if (route === 'snapshot') return this.#snapshot(request, response);
    void readJson(request).then((body) => this.#take(route, body, response));
  }

  #stream(request: IncomingMessage, { url, response }: { url: URL; response: ServerResponse }) {
    const { version, hash } = this.snapshot;
    const { heartbeatMs, reportIntervalMs } = this;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    sendEvent(response, 'hello', { heartbeatMs, reportIntervalMs, version });
    const holdsIt =
      request.headers['last-event-id'] === String(version) && url.searchParams.get('hash') === hash;
    if (!holdsIt) sendEvent(response, 'snapshot', this.snapshot);
    const timer = setInterval(() => {
      sendEvent(response, 'heartbeat', { version: this.snapshot.version });
    }, heartbeatMs);
    this.#streams.add(response);
    response.on('close', () => {
      clearInterval(timer);
      this.#streams.delete(response);
    });
  }

  #snapshot(request: IncomingMessage, response: ServerResponse): void {
    const etag = `"${this.snapshot.version}-${this.snapshot.hash}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(200, { etag, 'content-type': 'application/json' });
    response.end(JSON.stringify(this.snapshot));
  }

  #take(route: Route, body: unknown, response: ServerResponse): void {
    if (route === 'reports') return this.#report(body as TelemetryReport, response);
    if (route === 'acknowledgements') this.acknowledgements.push(body as Acknowledgement);
    else this.goodbyes.push(body as Goodbye);
    response.writeHead(204).end();
  }

  #report(report: TelemetryReport, response: ServerResponse): void {
    const id = `${report.instance}/${report.sequence}`;
    const duplicate = this.#sequences.has(id);
    this.#sequences.add(id);
    (duplicate ? this.duplicates : this.reports).push(report);
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ duplicate }));
  }
}

/** Answers with problem+json. */
export function problem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ code, title: code, status }));
}

/** Answers every request of a route in this way. */
export function always(answer: (response: ServerResponse) => void): Fault {
  return (request, response) => {
    request.resume();
    answer(response);
    return true;
  };
}

function sendEvent(stream: ServerResponse, event: string, data: unknown): void {
  stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}
