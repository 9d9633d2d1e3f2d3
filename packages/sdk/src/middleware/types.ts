import type { EvaluationContext } from '@openfeature/server-sdk';

/** What marks a request as synthetic unless `MiddlewareOptions.synthetic` says otherwise. */
export const SYNTHETIC_HEADER = 'downhaul-synthetic';

export interface MiddlewareOptions<Request> {
  /** The evaluation context of a request; it may throw, then the request has none. */
  context?(request: Request): EvaluationContext | undefined;
  /**
   * Whether a request is no person's but a probe's or a load test's: it is measured apart, in no arm.
   * It may throw, then the request is a person's. Default: one with the header `downhaul-synthetic`
   * of `1` or `true`.
   */
  synthetic?(request: Request): boolean;
  /**
   * How long the head of an answer may take, in milliseconds, from the request or, where the request
   * takes longer itself, from some moment after its end. One that takes longer counts as bad then. Default:
   * 60,000; 0: as long as it likes, as for long polling.
   */
  readonly answerTimeoutMs?: number;
}
