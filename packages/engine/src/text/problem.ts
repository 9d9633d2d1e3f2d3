import { TEXT_ERRORS, type TextErrorCode, type TextErrorEntry } from './errors.ts';

/** What is wrong with a text, and where. */
export interface TextProblem {
  /** `text_syntax` is no JSON at all; who reads says what was expected of the text. */
  readonly code: TextErrorCode | 'text_syntax';
  readonly message: string;
  readonly accepted?: string;
  /** JSON pointer (RFC 6901) to the value. */
  readonly path: string;
  /** Where it stands in the text, in UTF-16 code units. */
  readonly offset: number;
}

/** More of them help nobody. */
export const MOST_PROBLEMS = 20;

/** Where a value stands. Asked for only where something is wrong: a pointer costs more than a value. */
export type PlaceOf = () => Pick<TextProblem, 'path' | 'offset'>;

/** A problem of the table, its message filled with the facts of the case. */
export function textProblem(
  code: TextErrorCode,
  facts: Readonly<Record<string, string | number>>,
  place: PlaceOf,
): TextProblem {
  const { message, remedy, accepted }: TextErrorEntry = TEXT_ERRORS[code];
  const text = `${message} ${remedy}`;
  return {
    code,
    message: text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole)),
    ...(accepted === undefined ? {} : { accepted }),
    ...place(),
  };
}

/** Line and column of an offset, both counted from 1; the column in UTF-16 code units. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

/** Something from a text as an error may show it. */
export function shown(text: string): string {
  const characters = [...text.slice(0, 200)];
  return characters.length > 60 ? `\`${characters.slice(0, 57).join('')}...\`` : `\`${text}\``;
}
