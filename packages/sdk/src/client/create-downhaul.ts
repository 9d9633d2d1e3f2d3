import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EvaluationContext, JsonValue, Provider } from '@openfeature/server-sdk';
import { type HttpHandler, wrapHttp } from '../middleware/http.ts';
import { RequestScopes } from '../middleware/request-scopes.ts';
import type { MiddlewareOptions } from '../middleware/types.ts';
import { DownhaulProvider } from '../provider/provider.ts';
import { Propagation } from '../scope/propagation.ts';
import { runInScope } from '../scope/run.ts';
import { detailsOf, typeOfDefault } from './details.ts';
import { Runtime } from './runtime.ts';
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
  /** Runs work in a scope: one snapshot, one outcome. */
  run<T>(context: EvaluationContext, work: () => T): T;
  /** Counts an occurrence of a metric that a running rollout judges. */
  track(name: string, options?: TrackOptions): void;
  /** Wraps a handler of `node:http` so that each request has a scope. */
  http<
    Result,
    Request extends IncomingMessage = IncomingMessage,
    Response extends ServerResponse = ServerResponse,
  >(
    handler: HttpHandler<Request, Response, Result>,
    options?: MiddlewareOptions<Request>,
  ): HttpHandler<Request, Response, Result>;
  /** Headers that carry the scope's units to a service behind. */
  outgoingHeaders(): { baggage?: string };
  status(): DownhaulStatus;
  /** Delivers the last report, says goodbye and stops, in `closeTimeoutMs` at most; never rejects. */
  close(): Promise<void>;
}

/** Makes a client and starts it. Bad options are logged and give a client that serves code defaults. */
export function createDownhaul(options: DownhaulOptions = {}): Downhaul {
  const runtime = new Runtime(options);
  const { flags, scopes, recorder, holder, lifecycle } = runtime;
  const propagation = new Propagation({ scopes, holder, propagateTo: options.propagateTo });
  const requests = new RequestScopes({
    scopes,
    recorder,
    trustIncomingBaggage: options.trustIncomingBaggage ?? false,
  });
  const close = (): Promise<void> => {
    propagation.close();
    return runtime.close();
  };
  const provider = new DownhaulProvider({
    flags,
    lifecycle,
    holder,
    track: (name, context) => recorder.track(name, scopes.current, context),
    close,
  });
  void runtime.start();
  return {
    provider,
    ready: () => lifecycle.ready(),
    boolean: (key, byDefault, context) =>
      (flags.value(key, 'boolean', context) as boolean | undefined) ?? byDefault,
    string: (key, byDefault, context) =>
      (flags.value(key, 'string', context) as string | undefined) ?? byDefault,
    number: (key, byDefault, context) =>
      (flags.value(key, 'number', context) as number | undefined) ?? byDefault,
    object: <T extends JsonValue>(key: string, byDefault: T, context?: EvaluationContext) =>
      (flags.value(key, 'object', context) as T | undefined) ?? byDefault,
    details: (key, byDefault, context) =>
      detailsOf(key, byDefault, flags.typed(key, typeOfDefault(byDefault), context)),
    run: (context, work) => runInScope({ scopes, recorder }, context, work),
    track: (name, given) => recorder.track(name, scopes.current, given?.context),
    http: (handler, given = {}) => wrapHttp(requests, handler, given),
    outgoingHeaders: () => propagation.headers(),
    status: () => runtime.status(),
    close,
  };
}
