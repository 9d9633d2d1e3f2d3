import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EvaluationContext } from '@openfeature/server-sdk';
import { readBaggage } from '../scope/baggage.ts';
import type { OutcomeRecorder, ScopeEnd } from '../scope/outcome-recorder.ts';
import type { RequestScope } from '../scope/request-scope.ts';
import type { Scopes } from '../scope/scopes.ts';
import { type MiddlewareOptions, SYNTHETIC_HEADER } from './types.ts';
import { runBodyEventsIn } from './body-events.ts';
import { onResponseEnd } from './response-end.ts';

interface RequestScopesSettings {
  readonly scopes: Scopes;
  readonly recorder: OutcomeRecorder;
  readonly trustIncomingBaggage: boolean;
}

/** A scope whose end is reported once, however many sides notice it. */
export interface OpenRequest {
  readonly scope: RequestScope;
  end(end: ScopeEnd): void;
}

/** Opens scopes for HTTP requests, whatever framework brings them. */
export class RequestScopes {
  readonly #settings: RequestScopesSettings;

  constructor(settings: RequestScopesSettings) {
    this.#settings = settings;
  }

  /** Opens the scope of a request, which ends with its response. Never throws. */
  open<Request>(
    { incoming, response, request }: RequestInput<Request>,
    options: MiddlewareOptions<Request>,
  ): OpenRequest {
    const { scopes, recorder, trustIncomingBaggage } = this.#settings;
    const baggage = readBaggage(incoming.headers['baggage'], trustIncomingBaggage);
    const synthetic = isSynthetic({ incoming, request }, options);
    const scope = scopes.open(contextOf(request, options), { baggage, synthetic });
    let isOver = false;
    const end = (how: ScopeEnd): void => {
      if (isOver) return;
      isOver = true;
      recorder.end(scope, how);
    };
    onResponseEnd(incoming, response, end);
    runBodyEventsIn(incoming, (action) => scopes.enter(scope, action));
    return { scope, end };
  }

  enter<T>(scope: RequestScope, action: () => T): T {
    return this.#settings.scopes.enter(scope, action);
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
  if (options.synthetic === undefined) {
    return ['1', 'true'].includes(String(incoming.headers[SYNTHETIC_HEADER]));
  }
  try {
    return options.synthetic(request) === true;
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
