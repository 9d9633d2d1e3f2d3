import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ScopeEnd } from '../scope/outcome-recorder.ts';

/**
 * Calls back once the response is over. Bad are a status of 500 and above and an answer that the
 * server broke off, denied 401 and 403; when the client went away the socket was ended or reset by the other side.
 */
export function onResponseEnd(
  request: IncomingMessage,
  response: ServerResponse,
  onEnd: (end: ScopeEnd) => void,
): void {
  const { socket } = request;
  response.on('close', () => {
    const timed = !isEventStream(response);
    if (response.writableFinished) {
      const { statusCode } = response;
      return onEnd({ bad: statusCode >= 500, denied: DENIED.has(statusCode), timed });
    }
    const clientAborted = response.errored === null && leftByClient(socket);
    onEnd({ bad: !clientAborted, clientAborted, timed });
  });
}

/** Who asks is not known, or may not. */
const DENIED = new Set([401, 403]);
const LEFT = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'HPE_INVALID_EOF_STATE']);

function leftByClient(socket: IncomingMessage['socket']): boolean {
  if (socket.readableEnded) return true;
  const error: NodeJS.ErrnoException | null = socket.errored;
  return error?.code !== undefined && LEFT.has(error.code);
}

/** An event stream lasts as long as its client likes: its length says nothing. */
function isEventStream(response: ServerResponse): boolean {
  const type = response.getHeader('content-type');
  return typeof type === 'string' && type.startsWith('text/event-stream');
}
