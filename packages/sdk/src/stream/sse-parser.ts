import { StringDecoder } from 'node:string_decoder';

export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

/** Largest event that is read, in UTF-16 units: well above a snapshot of 10,000 flags. */
const MAX_EVENT_LENGTH = 64 * 1024 * 1024;

/** The other side sent more than any event of ours has: it is no stream of ours. */
export class SseLimitError extends Error {}

/**
 * Reads server-sent events (WHATWG HTML, "Interpreting an event stream") from chunks of bytes.
 * Ids and retry times are left out: every event of ours carries its version in its data. A chunk is
 * looked at once, so that a line of many megabytes costs no more than its length.
 */
export class SseParser {
  readonly #onEvent: (event: SseEvent) => void;
  readonly #maxLength: number;
  readonly #decoder = new StringDecoder('utf8');
  #partial: string[] = [];
  #eventLength = 0;
  #event = '';
  #data: string[] = [];
  #afterReturn = false;

  constructor(onEvent: (event: SseEvent) => void, maxLength: number = MAX_EVENT_LENGTH) {
    this.#onEvent = onEvent;
    this.#maxLength = maxLength;
  }

  /** Takes the next bytes. Throws `SseLimitError` when an event grows beyond the limit. */
  push(chunk: Buffer): void {
    let text = this.#decoder.write(chunk);
    if (this.#afterReturn && text.length > 0) {
      this.#afterReturn = false;
      if (text.startsWith('\n')) text = text.slice(1);
    }
    let start = 0;
    for (let end = lineEnd(text, start); end >= 0; end = lineEnd(text, start)) {
      this.#line(text.slice(start, end));
      start = end + 1;
      if (text[end] === '\r') {
        if (start === text.length) this.#afterReturn = true;
        else if (text[start] === '\n') start += 1;
      }
    }
    if (start < text.length) this.#keep(text.slice(start));
  }

  #keep(part: string): void {
    this.#grow(part.length);
    this.#partial.push(part);
  }

  #grow(length: number): void {
    this.#eventLength += length;
    if (this.#eventLength > this.#maxLength) {
      throw new SseLimitError(`an event is longer than ${this.#maxLength}`);
    }
  }

  #line(rest: string): void {
    this.#grow(rest.length);
    this.#partial.push(rest);
    const line = this.#partial.length === 1 ? rest : this.#partial.join('');
    this.#partial = [];
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
  }

  #dispatch(): void {
    const event = this.#event === '' ? 'message' : this.#event;
    const data = this.#data;
    this.#event = '';
    this.#data = [];
    this.#eventLength = 0;
    if (data.length > 0) this.#onEvent({ event, data: data.join('\n') });
  }
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const before = text.slice(from, feed < 0 ? undefined : feed).indexOf('\r');
  return before < 0 ? feed : from + before;
}
