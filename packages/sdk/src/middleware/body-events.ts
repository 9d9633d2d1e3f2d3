import type { IncomingMessage } from 'node:http';

/**
 * Lets listeners on the body of a request run in its scope. Node emits a body's events in the context of
 * the connection's parser, where the scope that the handler was called in is not known.
 */
export function runBodyEventsIn(
  request: IncomingMessage,
  enter: (action: () => boolean) => boolean,
): void {
  if (!hasBody(request)) return;
  const emit = request.emit.bind(request) as (
    event: string | symbol,
    ...args: unknown[]
  ) => boolean;
  request.emit = (event: string | symbol, ...args: unknown[]) => enter(() => emit(event, ...args));
}

/** RFC 9112, 6.3: one of two headers announces a request's body. */
function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
