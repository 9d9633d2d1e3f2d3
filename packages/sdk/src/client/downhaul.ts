import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EvaluationContext, JsonValue, Provider } from '@openfeature/server-sdk';
import { Guarded, type GuardedOptions } from '../guarded/guarded.ts';
import { type ExpressMiddleware, expressMiddleware } from '../middleware/express.ts';
import { type FastifyPlugin, fastifyPlugin } from '../middleware/fastify.ts';
import {
  type HttpHandler,
  type NodeRequest,
  type NodeResponse,
  wrapHttp,
} from '../middleware/http.ts';
import { RequestScopes } from '../middleware/request-scopes.ts';
import type { MiddlewareOptions } from '../middleware/types.ts';
import { DownhaulProvider } from '../provider/provider.ts';
import { aboveScope, trackedContext } from '../scope/openfeature-context.ts';
import { Propagation } from '../scope/propagation.ts';
import { type RunOptions, runInScope } from '../scope/run.ts';
import { detailsOf, typeOfDefault } from './details.ts';
import type { Flags } from './flags.ts';
import type { Runtime } from './runtime.ts';
import type { DownhaulOptions, DownhaulStatus, FlagDetails, TrackOptions } from './types.ts';

/** A client of one Downhaul server, for one process. Nothing in it throws into its caller. */
export interface Downhaul {
  /** For `OpenFeature.setProvider`. */
  readonly provider: Provider;
  /** Resolves at the first snapshot or the start time-out, whichever comes first; never rejects. */
  ready(): Promise<void>;
  boolean(flagKey: string, defaultValue: boolean, context?: EvaluationContext): boolean;
  string(flagKey: string, defaultValue: string, context?: EvaluationContext): string;
  number(flagKey: string, defaultValue: number, context?: EvaluationContext): number;
  object<T extends JsonValue>(flagKey: string, defaultValue: T, context?: EvaluationContext): T;
  /** A value and why; the type asked for is that of the default. */
  details<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context?: EvaluationContext,
  ): FlagDetails<T>;
  /**
   * Runs work in a scope: one snapshot, one outcome. What is like a promise, such as a query, is waited
   * for, and comes back as a promise.
   */
  run<T>(context: EvaluationContext, work: () => PromiseLike<T>, options?: RunOptions): Promise<T>;
  run<T>(context: EvaluationContext, work: () => T, options?: RunOptions): T;
  /**
   * Runs the treatment or control of a flag. A treatment that fails is counted for the flag, and followed
   * by control where that is `repeatable`; one that keeps failing is left alone by this instance until
   * the flag changes. Rejects only with what `treatment` and `control` throw, and `GuardedTimeoutError`.
   */
  guarded<T>(flagKey: string, options: GuardedOptions<T>): Promise<T>;
  /** Counts an occurrence of a metric that a running rollout judges, with its value where it has one. */
  track(name: string, options?: TrackOptions): void;
  /** Wraps a handler of `node:http` or `node:http2` so that each request has a scope. */
  http<
    Result,
    Request extends NodeRequest = IncomingMessage,
    Response extends NodeResponse = ServerResponse,
  >(
    handler: HttpHandler<Request, Response, Result>,
    options?: MiddlewareOptions<Request>,
  ): HttpHandler<Request, Response, Result>;
  /** A middleware for express, connect and the like. */
  express<Request extends IncomingMessage = IncomingMessage>(
    options?: MiddlewareOptions<Request>,
  ): ExpressMiddleware<Request>;
  /** A plugin for fastify: `app.register(downhaul.fastify, { context })`. */
  readonly fastify: FastifyPlugin;
  /** Headers that carry the scope's units to a service behind. */
  outgoingHeaders(): { baggage?: string };
  status(): DownhaulStatus;
  /**
   * Lets scopes that are open end, delivers the last report, says goodbye and stops, in `closeTimeoutMs` at most;
   * never rejects. From then on every flag is its code default, until OpenFeature initializes the provider again.
   */
  close(): Promise<void>;
}

/** The public face of a runtime. */
export function downhaulOf(runtime: Runtime, options: DownhaulOptions): Downhaul {
  const { flags, scopes, recorder, holder, lifecycle, breakers } = runtime;
  const propagation = new Propagation({ scopes, holder, propagateTo: options.propagateTo });
  const requests = new RequestScopes({
    scopes,
    recorder,
    trustIncomingBaggage: options.trustIncomingBaggage ?? false,
  });
  const guarded = new Guarded({ flags, scopes, recorder, breakers });
  lifecycle.onState((state) => (state === 'closed' ? propagation.close() : propagation.open()));
  const open = (): Promise<void> => runtime.open();
  const close = (): Promise<void> => runtime.close();
  const track = (metric: string, context?: EvaluationContext, value?: number): void =>
    recorder.track({ metric, value }, scopes.current, context);
  const provider = new DownhaulProvider({
    flags,
    lifecycle,
    holder,
    aboveScope: (merged) => aboveScope(merged, scopes.current),
    track: (name, merged, value) => track(name, trackedContext(merged, scopes.current), value),
    open,
    close,
  });
  return {
    provider,
    ready: () => lifecycle.ready(),
    ...readersOf(flags),
    run: <T>(context: EvaluationContext, work: () => T, given?: RunOptions) =>
      runInScope({ scopes, recorder }, { ...given, context, work }),
    guarded: (flagKey, given) => guarded.run(flagKey, given),
    track: (name, given) => track(name, given?.context, given?.value),
    http: (handler, given = {}) => wrapHttp(requests, handler, given),
    express: (given = {}) => expressMiddleware(requests, given),
    fastify: fastifyPlugin(requests),
    outgoingHeaders: () => propagation.headers(),
    status: () => runtime.status(),
    close,
  };
}

type Readers = Pick<Downhaul, 'boolean' | 'string' | 'number' | 'object' | 'details'>;

function readersOf(flags: Flags): Readers {
  return {
    boolean: (key, byDefault, context) =>
      (flags.value(key, 'boolean', context) as boolean | undefined) ?? byDefault,
    string: (key, byDefault, context) =>
      (flags.value(key, 'string', context) as string | undefined) ?? byDefault,
    number: (key, byDefault, context) =>
      (flags.value(key, 'number', context) as number | undefined) ?? byDefault,
    object: <T extends JsonValue>(key: string, byDefault: T, context?: EvaluationContext) => {
      const value = flags.value(key, 'object', context);
      // `null` is a value of type object.
      return value === undefined ? byDefault : (value as T);
    },
    details: (key, byDefault, context) =>
      detailsOf(key, byDefault, flags.typed(key, typeOfDefault(byDefault), context)),
  };
}
