import { type PlaceOf, type TextProblem, textProblem } from './problem.ts';

/**
 * Everything that YAML 1.2 does not count as printable (production 1, `c-printable`): control characters
 * but tab and line ends, lone surrogates, U+FFFE and U+FFFF. Not every store, log and terminal takes them.
 */
const UNPRINTABLE = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const BYTE_ORDER_MARK = '\ufeff';

/** Where a text begins: behind a byte order mark, which editors put before it. */
export function startOf(text: string): number {
  return text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
}

/**
 * The first character of a whole text that cannot be meant: an unprintable one, or a byte order mark
 * that is not at its very beginning, where it cannot be seen and makes another text of what follows.
 */
export function strayCharacter(text: string): TextProblem | undefined {
  const unprintable = UNPRINTABLE.exec(text)?.index ?? -1;
  const mark = text.indexOf(BYTE_ORDER_MARK, 1);
  const offset = Math.min(...[unprintable, mark].filter((found) => found >= 0));
  if (!Number.isFinite(offset)) return undefined;
  return problemAt(text, offset, () => ({ path: '', offset }));
}

/** The first unprintable character of a value that was written with escapes. */
export function strayEscape(value: string, place: PlaceOf): TextProblem | undefined {
  const offset = UNPRINTABLE.exec(value)?.index;
  return offset === undefined ? undefined : problemAt(value, offset, place);
}

function problemAt(text: string, at: number, place: PlaceOf): TextProblem {
  const code = text.codePointAt(at) ?? 0;
  const character = `U+${code.toString(16).toUpperCase().padStart(4, '0')}${nameOf(code)}`;
  return textProblem('text_character', { character }, place);
}

function nameOf(code: number): string {
  if (code === 0) return ' (NUL)';
  if (code === 0xfeff) return ' (byte order mark)';
  return code >= 0xd800 && code <= 0xdfff ? ' (half of a surrogate pair)' : '';
}
