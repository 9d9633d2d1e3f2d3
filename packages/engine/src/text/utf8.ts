import { type TextProblem, textProblem } from './problem.ts';

/**
 * What keeps bytes from being UTF-8; undefined if they are. Decoders put U+FFFD in the place of what is
 * wrong and say nothing; the offset is that of the first such place in what they give.
 */
export function utf8Problem(bytes: Uint8Array): TextProblem | undefined {
  let offset = 0;
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    if (length === 0) {
      const byte = `0x${bytes[at]!.toString(16).padStart(2, '0')}`;
      const problem = isUtf16(bytes) ? 'it looks like UTF-16' : `${byte} begins no character`;
      return textProblem('text_encoding', { problem }, () => ({ path: '', offset }));
    }
    at += length;
    offset += length === 4 ? 2 : 1;
  }
  return undefined;
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** How many bytes the character has that begins here (Unicode, table 3-7); 0 for none. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const [least, most] = SECOND[first] ?? [0x80, 0xbf];
  for (let index = at + 1; index < at + length; index++) {
    const next = bytes[index] ?? 0;
    if (next < (index === at + 1 ? least : 0x80)) return 0;
    if (next > (index === at + 1 ? most : 0xbf)) return 0;
  }
  return length;
}

/** The second byte where it is bound more closely: no longer form than needed, no surrogate. */
const SECOND: Readonly<Record<number, readonly [number, number]>> = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};
