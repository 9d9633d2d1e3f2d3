import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { refusal } from '../error/refusal.ts';
import type { Ids } from '../ids/ids.ts';
import { problemOf } from './problem.ts';

/** Who answers requests: at first somebody who says that the server is starting. */
export interface Gate {
  readonly onRequest: RequestListener;
  /** From now on the routes answer. */
  open(): void;
}

/** SDKs and the command line ask again by themselves. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Answers at once while the store is being read, which takes long after a sudden end: the port is open, `/healthz`
 * lives, `/readyz` and everything else say 503 and why. Nobody takes a starting server for a dead one.
 */
export function createGate(routes: RequestListener, ids: Ids): Gate {
  let isOpen = false;
  return {
    onRequest: (request, response) =>
      isOpen ? routes(request, response) : answerStarting(request, response, ids),
    open: () => {
      isOpen = true;
    },
  };
}

function answerStarting(request: IncomingMessage, response: ServerResponse, ids: Ids): void {
  const path = request.url?.split('?')[0];
  if (path === '/healthz') return answer(response, 200, { alive: true });
  if (path === '/readyz') {
    const known = { storage: 'unknown', position: 0, chain: 'pending' };
    return answer(response, 503, { ready: false, reason: 'the server starts', ...known });
  }
  const { problem } = refusal('server_starting');
  const correlationId = ids.uuid();
  response.setHeader('correlation-id', correlationId);
  answer(response, 503, problemOf(problem, correlationId));
}

function answer(response: ServerResponse, status: number, body: object): void {
  const isProblem = 'code' in body;
  response.setHeader('content-type', `application/${isProblem ? 'problem+' : ''}json`);
  if (status === 503) response.setHeader('retry-after', RETRY_AFTER_SECONDS);
  response.writeHead(status).end(JSON.stringify(body));
}
