/** What is known of a response at the moment that decides. */
export interface EndingFacts {
  /** The connection became something else, such as a WebSocket: there is no response. */
  readonly upgraded: boolean;
  /** The handler threw or rejected, and nobody caught it. */
  readonly threw: boolean;
  /** A status of 500 and above was sent. */
  readonly failed: boolean;
  /** The whole answer went to the operating system, and nobody broke it off before. */
  readonly complete: boolean;
  /** The client's side ended or reset what carries the answer, before the server did. */
  readonly clientLeft: boolean;
}

/** How a request counts. */
export type Ending = 'good' | 'bad' | 'aborted' | 'uncounted';

/**
 * How a request counts by what is known of its response: the one table of endings, which stands with
 * all its rows in `docs/outcomes.md`. The first rule that applies decides.
 */
export function endingOf(facts: EndingFacts): Ending {
  if (facts.upgraded) return 'uncounted';
  // The status was told, whoever broke the rest off.
  if (facts.failed) return 'bad';
  // A handler whose client is gone often fails for that reason alone.
  if (facts.threw) return facts.clientLeft ? 'aborted' : 'bad';
  if (facts.complete) return 'good';
  if (facts.clientLeft) return 'aborted';
  // Broken off by the server, or not begun in time.
  return 'bad';
}

/** What a response of HTTP/1 and its socket show. */
export interface Http1Signs {
  /** The response says `finish` at this moment: what it wrote is off its hands. */
  readonly finishing: boolean;
  /** Its own server destroyed the response, with an error or without. */
  readonly destroyed: boolean;
  readonly socketDestroyed: boolean;
  /** The other side or the network broke the socket, not an error of the server. */
  readonly socketReset: boolean;
  /** The other side sends nothing more. */
  readonly peerEnded: boolean;
  /** The server answers a client that sends nothing more (`httpAllowHalfOpen`). */
  readonly halfOpenAllowed: boolean;
}

/** Node 20 and 22 say `finish` for an answer that was broken off, too. */
export function readHttp1(signs: Http1Signs): Pick<EndingFacts, 'complete' | 'clientLeft'> {
  const isBroken = signs.destroyed || signs.socketDestroyed || signs.socketReset;
  const complete = signs.finishing && !isBroken;
  // Node itself ends a connection whose other side has ended, unless half-open ones are allowed.
  const hasLeft = signs.socketReset || (signs.peerEnded && !signs.halfOpenAllowed);
  return { complete, clientLeft: !complete && hasLeft };
}

/** What a stream of HTTP/2 shows. */
export interface Http2Signs {
  readonly headSent: boolean;
  /** The stream closed while the answer was not ended. */
  readonly aborted: boolean;
  readonly flushed: boolean;
  readonly closed: boolean;
  /** It closed with the code of an error: a cut-off request may look like a whole one before that. */
  readonly failed: boolean;
  /** The server reset or destroyed the stream while its client was still there. */
  readonly brokenHere: boolean;
}

/** The events of a response of HTTP/2 are the same however its stream ends: the stream is asked. */
export function readHttp2(signs: Http2Signs): Pick<EndingFacts, 'complete' | 'clientLeft'> {
  const isBroken = signs.aborted || signs.failed || signs.brokenHere;
  const complete = signs.headSent && signs.flushed && !isBroken;
  return { complete, clientLeft: signs.closed && !complete && !signs.brokenHere };
}

/** What a response without a connection shows: of `inject`, or of an adapter for functions. */
interface AdapterSigns {
  readonly finishing: boolean;
  /** The handler ended the answer. */
  readonly ended: boolean;
  readonly errored: boolean;
  /** Whoever sent the request took it back. */
  readonly requestAborted: boolean;
}

/** Such a response says `finish`, or `close`, or both, in any order. */
export function readAdapter(signs: AdapterSigns): Pick<EndingFacts, 'complete' | 'clientLeft'> {
  const complete = (signs.finishing || signs.ended) && !signs.errored;
  return { complete, clientLeft: !complete && signs.requestAborted };
}
