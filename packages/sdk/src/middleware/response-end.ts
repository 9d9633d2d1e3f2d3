import type { ScopeEnd } from '../scope/outcome-recorder.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';
import { type EndingFacts, endingOf } from './ending.ts';
import {
  type Exchange,
  type Reading,
  type ResponseWatch,
  streamOf,
  watchResponse,
} from './response-watch.ts';

interface ResponseEndSettings {
  readonly answerTimeoutMs: number;
  readonly onEnd: (end: ScopeEnd) => void;
}

/**
 * Calls back once: when the response is over, when its handler threw, or when no head was sent within
 * `answerTimeoutMs` of a request that came in whole.
 */
export class ResponseEnd {
  readonly #exchange: Exchange;
  readonly #settings: ResponseEndSettings;
  readonly #watch: ResponseWatch;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(exchange: Exchange, settings: ResponseEndSettings) {
    this.#exchange = exchange;
    this.#settings = settings;
    this.#watch = watchResponse(exchange);
    this.#watch.onEnd((reading) => this.#end(reading));
    this.#timeAnswer();
  }

  /** The handler threw or rejected, and nobody caught it. */
  threw(): void {
    this.#end(this.#watch.read(), true);
  }

  #end(reading: Reading, threw = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
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

  #timeAnswer(): void {
    const { answerTimeoutMs } = this.#settings;
    if (!(answerTimeoutMs > 0) || answerTimeoutMs > LONGEST_TIMER_MS) return;
    this.#timer = backgroundTimer(() => {
      const { headersSent } = this.#exchange.response;
      if (headersSent || isUpgraded(this.#exchange)) return;
      // A long upload is its client's time.
      if (!isWhole(this.#exchange)) return this.#timeAnswer();
      this.#end({ complete: false, clientLeft: false });
    }, answerTimeoutMs);
  }
}

/** Who asks is not known, or may not. */
const DENIED = new Set([401, 403]);
/** `setTimeout` takes a longer time for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

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
