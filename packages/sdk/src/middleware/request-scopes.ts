import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EvaluationContext } from '@openfeature/server-sdk';
import { readBaggage } from '../scope/baggage.ts';
import type { OutcomeRecorder, ScopeEnd } from '../scope/outcome-recorder.ts';
import type { RequestScope } from '../scope/request-scope.ts';
import type { Scopes } from '../scope/scopes.ts';
import { AnswerDeadlines } from './answer-deadlines.ts';
import { runEventsIn } from './own-events.ts';
import { ResponseEnd } from './response-end.ts';
import { isFromNetwork } from './response-watch.ts';
import { type MiddlewareOptions, SYNTHETIC_HEADER } from './types.ts';

interface RequestScopesSettings {
  readonly scopes: Scopes;
  readonly recorder: OutcomeRecorder;
  readonly trustIncomingBaggage: boolean;
}

/** W of the plans' horizons by default: an answer that does not begin within it is a failure. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The scope of a request, whichever of its middlewares asks. */
export interface OpenRequest {
  readonly scope: RequestScope;
  /** The handler threw or rejected, and nobody caught it. */
  threw(): void;
}

/** Opens scopes for HTTP requests, whatever framework brings them. */
export class RequestScopes {
  readonly #settings: RequestScopesSettings;
  /** Kept at the request itself: a `WeakMap` of short lives costs the garbage collector dearly. */
  readonly #key = Symbol('downhaul');
  /** By their limit: an application has one or two. */
  readonly #deadlines = new Map<number, AnswerDeadlines>();

  constructor(settings: RequestScopesSettings) {
    this.#settings = settings;
  }

  /**
   * Opens the scope of a request, which ends with its response. A request has one scope: a further
   * middleware adds its context to it. Never throws.
   */
  open<Request>(input: RequestInput<Request>, options: MiddlewareOptions<Request>): OpenRequest {
    const marked = input.incoming as IncomingMessage & { [key: symbol]: OpenRequest | undefined };
    const known = marked[this.#key];
    if (known) {
      this.#extend(known.scope, input.request, options);
      return known;
    }
    const opened = this.#begin(input, options);
    marked[this.#key] = opened;
    return opened;
  }

  /** Runs what follows in the scope of the request, or stays in one that was opened within it. */
  enter<T>({ scope }: OpenRequest, action: () => T): T {
    return this.#settings.scopes.enterOrStay(scope, action);
  }

  #begin<Request>(
    { incoming, response, request }: RequestInput<Request>,
    options: MiddlewareOptions<Request>,
  ): OpenRequest {
    const { scopes, recorder, trustIncomingBaggage } = this.#settings;
    const baggage = readBaggage(incoming.headers['baggage'], trustIncomingBaggage);
    const synthetic = isSynthetic({ incoming, request }, options);
    const scope = scopes.open(contextOf(request, options), {
      baggage,
      synthetic,
      isRequest: true,
      isRoot: isFromNetwork({ incoming, response }),
    });
    const opened: OpenRequest = { scope, threw: () => recorder.end(scope, { bad: true }) };
    try {
      const deadlines = this.#deadlinesOf(options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS);
      const onEnd = (end: ScopeEnd): void => recorder.end(scope, end);
      const end = new ResponseEnd({ incoming, response }, { deadlines, onEnd });
      runEventsIn([incoming, response], (action) => scopes.enterOrStay(scope, action));
      return { scope, threw: () => end.threw() };
    } catch {
      // An imitation of a response that has no events: its end cannot be seen.
      return opened;
    }
  }

  #deadlinesOf(limitMs: number): AnswerDeadlines {
    const known = this.#deadlines.get(limitMs);
    if (known) return known;
    const deadlines = new AnswerDeadlines(limitMs);
    this.#deadlines.set(limitMs, deadlines);
    return deadlines;
  }

  #extend<Request>(
    scope: RequestScope,
    request: Request,
    options: MiddlewareOptions<Request>,
  ): void {
    const { scopes } = this.#settings;
    const synthetic = options.synthetic !== undefined && saysSynthetic(request, options);
    scopes.extend(scope, { context: contextOf(request, options), synthetic });
  }
}

interface RequestInput<Request> {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** The framework's own request, which `context` is asked with. */
  readonly request: Request;
}

function isSynthetic<Request>(
  { incoming, request }: Pick<RequestInput<Request>, 'incoming' | 'request'>,
  options: MiddlewareOptions<Request>,
): boolean {
  if (options.synthetic !== undefined) return saysSynthetic(request, options);
  return ['1', 'true'].includes(String(incoming.headers[SYNTHETIC_HEADER]));
}

function saysSynthetic<Request>(request: Request, options: MiddlewareOptions<Request>): boolean {
  try {
    return options.synthetic?.(request) === true;
  } catch {
    return false;
  }
}

function contextOf<Request>(
  request: Request,
  options: MiddlewareOptions<Request>,
): EvaluationContext | undefined {
  try {
    return options.context?.(request);
  } catch {
    return undefined;
  }
}
