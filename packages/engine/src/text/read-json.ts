import type { JsonValue } from '../json.ts';
import { startOf, strayCharacter, strayEscape } from './characters.ts';
import { Keys } from './keys.ts';
import { numberProblem } from './number.ts';
import { MOST_PROBLEMS, type PlaceOf, shown, type TextProblem, textProblem } from './problem.ts';

/** Deeper than any document of ours, and shallower than any stack. */
export const MOST_DEPTH = 100;

/** The value of a text, or every problem in it. */
export type TextReading =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problems: readonly [TextProblem, ...TextProblem[]] };

/**
 * Reads JSON (RFC 8259) exactly. `JSON.parse` takes more than it can give back: of a property written
 * twice it keeps the last, and numbers it rounds. Here both are problems with their place, as are
 * characters that cannot be printed, the name `__proto__` and more than 100 levels.
 */
export function readJson(text: string): TextReading {
  const stray = strayCharacter(text);
  if (stray !== undefined) return { ok: false, problems: [stray] };
  return new JsonReader(text).read();
}

const NUMBER = /-?\d[\d.eE+-]*/y;
/** What a text in quotes cannot hold as it is; other control characters are found beforehand. */
const SPECIAL = /[\\\t\n\r]/;
const SPACES = ' \t\n\r';
const ESCAPE = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})$/;

/** Thrown inside only: behind a mistake of syntax nothing is understood any more. */
class Stop extends Error {
  readonly problem: TextProblem;

  constructor(problem: TextProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

class JsonReader {
  readonly #text: string;
  #at: number;
  readonly #path: (string | number)[] = [];
  readonly #problems: TextProblem[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#at = startOf(text);
  }

  read(): TextReading {
    let value: JsonValue = null;
    try {
      value = this.#value();
      this.#space();
      if (this.#at < this.#text.length) this.#fail('the end');
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      this.#problems.push(error.problem);
    }
    const [first, ...others] = this.#problems;
    if (first === undefined) return { ok: true, value };
    return { ok: false, problems: [first, ...others.slice(0, MOST_PROBLEMS - 1)] };
  }

  #value(): JsonValue {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '{') return this.#nested(() => this.#object());
    if (first === '[') return this.#nested(() => this.#array());
    if (first === '"') return this.#string();
    if (first === '-' || (first !== undefined && first >= '0' && first <= '9'))
      return this.#number();
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#fail('a value');
  }

  #nested<Value>(read: () => Value): Value {
    // Not one step further down: the stack is not endless.
    if (this.#path.length >= MOST_DEPTH)
      throw new Stop(textProblem('text_too_deep', { most: MOST_DEPTH }, this.#placeAt(this.#at)));
    this.#at++;
    return read();
  }

  #object(): JsonValue {
    const result: Record<string, JsonValue> = {};
    const keys = new Keys(this.#text);
    for (let isFirst = true; !this.#closes('}', isFirst); isFirst = false) {
      this.#space();
      const offset = this.#at;
      if (this.#text[offset] !== '"')
        this.#fail(isFirst ? 'a property in quotes, or `}`' : 'a property in quotes');
      const key = this.#string();
      const problem = keys.add(key, offset, () => ({ path: this.#pointer(key), offset }));
      if (problem !== undefined) this.#add(problem);
      this.#space();
      if (this.#text[this.#at] !== ':') this.#fail('a colon');
      this.#at++;
      this.#path.push(key);
      const value = this.#value();
      this.#path.pop();
      if (problem === undefined) result[key] = value;
    }
    return result;
  }

  #array(): JsonValue {
    const result: JsonValue[] = [];
    for (let isFirst = true; !this.#closes(']', isFirst); isFirst = false) {
      this.#path.push(result.length);
      result.push(this.#value());
      this.#path.pop();
    }
    return result;
  }

  /** Passes the bracket that closes, or the comma before another member. */
  #closes(bracket: string, isFirst: boolean): boolean {
    this.#space();
    const found = this.#text[this.#at];
    if (found === bracket) this.#at++;
    else if (!isFirst) {
      if (found !== ',') this.#fail(`a comma or \`${bracket}\``);
      this.#at++;
    }
    return found === bracket;
  }

  #string(): string {
    const start = this.#at;
    const end = this.#text.indexOf('"', start + 1);
    const plain = this.#text.slice(start + 1, end < 0 ? this.#text.length : end);
    if (end >= 0 && !SPECIAL.test(plain)) {
      this.#at = end + 1;
      return plain;
    }
    this.#passString();
    const value = JSON.parse(this.#text.slice(start, this.#at)) as string;
    const problem = strayEscape(value, this.#placeAt(start));
    if (problem !== undefined) this.#add(problem);
    return value;
  }

  /** Goes behind a text with escapes. */
  #passString(): void {
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      // Also where the whole ends: NaN is not at least a space.
      if (!(code >= 0x20)) this.#fail('the closing quote of this text');
      if (code !== 0x5c) continue;
      const length = this.#text[this.#at + 1] === 'u' ? 5 : 1;
      if (!ESCAPE.test(this.#text.slice(this.#at + 1, this.#at + 1 + length)))
        this.#fail('an escape of JSON, such as \\n or \\u00e9,');
      this.#at += length;
    }
    this.#at++;
  }

  #number(): number {
    const offset = this.#at;
    NUMBER.lastIndex = offset;
    const text = NUMBER.exec(this.#text)?.[0] ?? '-';
    const problem = numberProblem(text, this.#placeAt(offset));
    if (problem !== undefined) this.#add(problem);
    this.#at += text.length;
    // JSON has no minus zero: whoever writes it out again writes 0.
    return Number(text) + 0;
  }

  #space(): void {
    while (this.#at < this.#text.length && SPACES.includes(this.#text[this.#at]!)) this.#at++;
  }

  #fail(expected: string): never {
    const found = this.#text[this.#at];
    const what = found === undefined ? 'the text ends' : `${shown(found)} stands`;
    throw new Stop({
      code: 'text_syntax',
      message: `${what} where ${expected} was expected`,
      path: this.#pointer(),
      offset: this.#at,
    });
  }

  #add(problem: TextProblem): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem);
  }

  #placeAt(offset: number): PlaceOf {
    return () => ({ path: this.#pointer(), offset });
  }

  #pointer(...further: readonly string[]): string {
    return pointerTo([...this.#path, ...further]);
  }
}

const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** A JSON pointer (RFC 6901) from its steps. */
export function pointerTo(steps: readonly (string | number)[]): string {
  return steps
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
