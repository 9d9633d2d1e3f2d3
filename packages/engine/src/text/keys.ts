import { lineAndColumn, type PlaceOf, shown, type TextProblem, textProblem } from './problem.ts';

/** The names of one object's properties while it is read. */
export class Keys {
  readonly #text: string;
  /** Where each stands; by normal form C, so that no two look alike and differ. */
  readonly #seen = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** What is wrong with the next name, which stands at an offset of the text. */
  add(key: string, offset: number, place: PlaceOf): TextProblem | undefined {
    if (key === '__proto__') return textProblem('text_key', { key: shown(key) }, place);
    const form = isAscii(key) ? key : key.normalize('NFC');
    const first = this.#seen.get(form);
    if (first === undefined) {
      this.#seen.set(form, offset);
      return undefined;
    }
    const { line } = lineAndColumn(this.#text, first);
    return textProblem('text_key_twice', { key: shown(key), line }, place);
  }
}

function isAscii(text: string): boolean {
  return /^[\u0020-\u007e]*$/.test(text);
}
