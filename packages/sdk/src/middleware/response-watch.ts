import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import { type EndingFacts, readAdapter, readHttp1, readHttp2 } from './ending.ts';

/** What is read of a response: whether its answer is complete, and whether its client left first. */
export type Reading = Pick<EndingFacts, 'complete' | 'clientLeft'>;

/** Looks at a response, now and when it ends. */
export interface ResponseWatch {
  /** What the response shows at this moment. */
  read(): Reading;
  /** Calls back when the response may have ended, with what it shows; more than once if it has to. */
  onEnd(listener: (reading: Reading) => void): void;
}

/** A request and its response as any framework or adapter brings them. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
}

/** Finds out what carries the response, and how it is watched. */
export function watchResponse(exchange: Exchange): ResponseWatch {
  const stream = streamOf(exchange);
  if (stream) return watchHttp2(stream);
  const { incoming, response } = exchange;
  const server = serverOf(incoming);
  return server ? watchHttp1(incoming, response, server) : watchAdapter(incoming, response);
}

/** Whether a connection carries the request, and not a call within the process. */
export function isFromNetwork(exchange: Exchange): boolean {
  return streamOf(exchange) !== undefined || serverOf(exchange.incoming) !== undefined;
}

/** The stream of HTTP/2 that carries a response. */
export function streamOf({ incoming, response }: Exchange): ServerHttp2Stream | undefined {
  if (incoming.httpVersionMajor !== 2) return undefined;
  return (response as unknown as Partial<Http2ServerResponse>).stream;
}

interface HalfOpenServer {
  readonly httpAllowHalfOpen?: boolean;
}

/** Node names the server at each socket of its own; an imitation has none. */
function serverOf({ socket }: IncomingMessage): HalfOpenServer | undefined {
  const { server } = ((socket as object | null) ?? {}) as {
    readonly server?: HalfOpenServer | null;
  };
  return server ?? undefined;
}

function watchHttp1(
  incoming: IncomingMessage,
  response: ServerResponse,
  server: HalfOpenServer,
): ResponseWatch {
  const { socket } = incoming;
  const read = (finishing: boolean): Reading =>
    readHttp1({
      finishing,
      destroyed: response.destroyed || Boolean(response.errored),
      socketDestroyed: socket.destroyed,
      socketReset: isReset(incoming, response),
      peerEnded: socket.readableEnded,
      halfOpenAllowed: server.httpAllowHalfOpen === true,
    });
  return {
    read: () => read(false),
    onEnd(listener) {
      // Before Node's own listener, which closes a socket that is not kept.
      response.prependListener('finish', () => {
        const reading = read(true);
        // What broke it off shows at `close`.
        if (reading.complete) listener(reading);
      });
      response.on('close', () => listener(read(false)));
      // A response that waits for an earlier one on its connection is not told that this is gone.
      incoming.on('close', () => {
        if (socket.destroyed && response.socket === null) listener(read(false));
      });
    },
  };
}

const RESET = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EPROTO',
  // What the client sent was no HTTP, or came too slowly.
  'ERR_HTTP_REQUEST_TIMEOUT',
]);

/** Whether the socket failed by itself: an error that the server destroys it with may look the same. */
function isReset(incoming: IncomingMessage, response: ServerResponse): boolean {
  const error: NodeJS.ErrnoException | null = incoming.socket.errored;
  if (!error || error === response.errored || error === incoming.errored) return false;
  const code = String(error.code);
  return RESET.has(code) || code.startsWith('HPE_') || code.startsWith('ERR_SSL_');
}

function watchHttp2(stream: ServerHttp2Stream): ResponseWatch {
  let isBrokenHere = false;
  const note = (error: unknown, isGraceful: boolean): void => {
    if (stream.closed || stream.destroyed || stream.writableFinished || isGraceful) return;
    isBrokenHere = !isGone(stream, error);
  };
  // The code of a reset does not say who sent it; Node's own way for one that came in calls neither
  // of these before the stream is closed.
  const destroy = stream.destroy.bind(stream);
  stream.destroy = (error?: Error) => {
    note(error, false);
    return destroy(error);
  };
  const close = stream.close.bind(stream);
  stream.close = (code?: number, callback?: () => void) => {
    note(undefined, !code && stream.writableEnded);
    close(code, callback);
  };
  const read = (): Reading =>
    readHttp2({
      headSent: stream.headersSent,
      aborted: stream.aborted,
      flushed: stream.writableFinished,
      closed: stream.closed || stream.destroyed,
      failed: Boolean(stream.rstCode),
      brokenHere: isBrokenHere,
    });
  return { read, onEnd: (listener) => void stream.on('close', () => listener(read())) };
}

/** A session that failed for its client's sake takes its streams along. */
const FAILED_SESSION = new Set(['ERR_HTTP2_SESSION_ERROR', 'ERR_HTTP2_ERROR']);

function isGone({ session }: ServerHttp2Stream, error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (session === undefined) return true;
  if (session.destroyed && FAILED_SESSION.has(String(code))) return true;
  try {
    return session.socket.destroyed;
  } catch {
    // A session without a socket.
    return true;
  }
}

function watchAdapter(incoming: IncomingMessage, response: ServerResponse): ResponseWatch {
  const read = (finishing: boolean): Reading =>
    readAdapter({
      finishing,
      ended: response.writableEnded,
      errored: Boolean(response.errored),
      requestAborted: incoming.destroyed && !incoming.readableEnded,
    });
  return {
    read: () => ({ ...read(false), complete: false }),
    onEnd(listener) {
      response.on('finish', () => listener(read(true)));
      response.on('close', () => listener(read(false)));
    },
  };
}
