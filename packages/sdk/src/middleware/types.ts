import type { EvaluationContext } from '@openfeature/server-sdk';

export interface MiddlewareOptions<Request> {
  /** The evaluation context of a request; it may throw, then the request has none. */
  context?(request: Request): EvaluationContext | undefined;
}
