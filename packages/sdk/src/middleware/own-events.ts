import type { EventEmitter } from 'node:events';

/**
 * Lets listeners of a request and its response run in the request's scope. Node emits their events in
 * the context of the connection, which may be that of another request: of the one before on the same
 * connection, or of the first of an HTTP/2 session.
 */
export function runEventsIn(
  emitters: readonly EventEmitter[],
  enter: (action: () => boolean) => boolean,
): void {
  for (const emitter of emitters) {
    const emit = emitter.emit.bind(emitter) as (
      event: string | symbol,
      ...args: unknown[]
    ) => boolean;
    emitter.emit = (event: string | symbol, ...args: unknown[]) =>
      enter(() => emit(event, ...args));
  }
}
