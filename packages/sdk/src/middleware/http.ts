import type { IncomingMessage, ServerResponse } from 'node:http';
import { promiseOf } from '../scope/promise.ts';
import type { OpenRequest, RequestScopes } from './request-scopes.ts';
import type { MiddlewareOptions } from './types.ts';

/** A request handler of `node:http`. */
export type HttpHandler<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
  Result = unknown,
> = (request: Request, response: Response) => Result;

/**
 * Wraps a handler of `node:http` so that each request has a scope. What the handler throws or rejects
 * with is a bad outcome and goes on to where it went before.
 */
export function wrapHttp<Request extends IncomingMessage, Response extends ServerResponse, Result>(
  scopes: RequestScopes,
  handler: HttpHandler<Request, Response, Result>,
  options: MiddlewareOptions<Request>,
): HttpHandler<Request, Response, Result> {
  return (request, response) => {
    const opened = scopes.open({ incoming: request, response, request }, options);
    return scopes.enter(opened, () => {
      try {
        return watch(handler(request, response), opened);
      } catch (error) {
        opened.threw();
        throw error;
      }
    });
  };
}

function watch<Result>(result: Result, opened: OpenRequest): Result {
  return (promiseOf(result)?.catch((error: unknown) => {
    opened.threw();
    throw error;
  }) ?? result) as Result;
}
