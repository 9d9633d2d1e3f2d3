import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { promiseOf } from '../scope/promise.ts';
import type { OpenRequest, RequestScopes } from './request-scopes.ts';
import type { MiddlewareOptions } from './types.ts';

/** A request of Node, over HTTP/1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** A request handler of `node:http` or `node:http2`. */
export type HttpHandler<
  Request extends NodeRequest = IncomingMessage,
  Response extends NodeResponse = ServerResponse,
  Result = unknown,
> = (request: Request, response: Response) => Result;

/**
 * Wraps a handler of `node:http` so that each request has a scope. What the handler throws or rejects
 * with is a bad outcome and goes on to where it went before.
 */
export function wrapHttp<Request extends NodeRequest, Response extends NodeResponse, Result>(
  scopes: RequestScopes,
  handler: HttpHandler<Request, Response, Result>,
  options: MiddlewareOptions<Request>,
): HttpHandler<Request, Response, Result> {
  return (request, response) => {
    // What is read of the two is the same, but where `watchResponse` asks which they are.
    const incoming = request as IncomingMessage;
    const input = { incoming, response: response as ServerResponse, request };
    const opened = scopes.open(input, options);
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
