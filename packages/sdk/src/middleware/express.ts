import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestScopes } from './request-scopes.ts';
import type { MiddlewareOptions } from './types.ts';

/** A middleware of express, connect and what is like them. */
export type ExpressMiddleware<Request extends IncomingMessage> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Makes a middleware that gives each request a scope; put it before what evaluates flags. */
export function expressMiddleware<Request extends IncomingMessage>(
  scopes: RequestScopes,
  options: MiddlewareOptions<Request>,
): ExpressMiddleware<Request> {
  return (request, response, next) => {
    const opened = scopes.open({ incoming: request, response, request }, options);
    scopes.enter(opened, () => next());
  };
}
