import type { ScopeEnd } from '../scope/outcome-recorder.ts';
import type { AnswerDeadlines, WaitingAnswer } from './answer-deadlines.ts';
import { type EndingFacts, endingOf } from './ending.ts';
import {
  type Exchange,
  type Reading,
  type ResponseWatch,
  streamOf,
  watchResponse,
} from './response-watch.ts';

interface ResponseEndSettings {
  readonly deadlines: AnswerDeadlines;
  readonly onEnd: (end: ScopeEnd) => void;
}

/**
 * Calls back once: when the response is over, when its handler threw, or when no head was sent in time
 * after a request that came in whole.
 */
export class ResponseEnd implements WaitingAnswer {
  readonly #exchange: Exchange;
  readonly #settings: ResponseEndSettings;
  readonly #watch: ResponseWatch;
  #isOver = false;

  constructor(exchange: Exchange, settings: ResponseEndSettings) {
    this.#exchange = exchange;
    this.#settings = settings;
    this.#watch = watchResponse(exchange);
    this.#watch.onEnd((reading) => this.#end(reading));
    settings.deadlines.add(this);
  }

  /** The handler threw or rejected, and nobody caught it. */
  threw(): void {
    this.#end(this.#watch.read(), true);
  }

  overdue(): void {
    if (this.#exchange.response.headersSent || isUpgraded(this.#exchange)) return;
    // A long upload is its client's time.
    if (!isWhole(this.#exchange)) return this.#settings.deadlines.add(this);
    this.#end({ complete: false, clientLeft: false });
  }

  #end(reading: Reading, threw = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settings.deadlines.delete(this);
    const ending = endingOf(factsOf(this.#exchange, { ...reading, threw }));
    if (ending === 'uncounted') return;
    const { statusCode } = this.#exchange.response;
    this.#settings.onEnd({
      bad: ending === 'bad',
      clientAborted: ending === 'aborted',
      denied: ending === 'good' && DENIED.has(statusCode),
      timed: !isEventStream(this.#exchange),
    });
  }
}

/** Who asks is not known, or may not. */
const DENIED = new Set([401, 403]);

function factsOf(exchange: Exchange, seen: Reading & { readonly threw: boolean }): EndingFacts {
  const { headersSent, statusCode } = exchange.response;
  return { ...seen, upgraded: isUpgraded(exchange), failed: headersSent && statusCode >= 500 };
}

function isUpgraded({ incoming, response }: Exchange): boolean {
  const { upgrade } = incoming as { readonly upgrade?: boolean };
  return upgrade === true || incoming.method === 'CONNECT' || response.statusCode === 101;
}

function isWhole(exchange: Exchange): boolean {
  return exchange.incoming.complete || streamOf(exchange)?.endAfterHeaders === true;
}

/** An event stream lasts as long as its client likes: its length says nothing. */
function isEventStream({ response }: Exchange): boolean {
  const type = response.getHeader('content-type');
  if (type !== undefined) return /^\s*text\/event-stream/i.test(String(type));
  // What is given to `writeHead` alone is kept nowhere but in the head as it was sent.
  const { _header: head } = response as unknown as { readonly _header?: unknown };
  return typeof head === 'string' && /^content-type:\s*text\/event-stream/im.test(head);
}
