const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const VALUES = new Uint8Array(128);
CODES.forEach((code, value) => (VALUES[code] = value));
const PADDING = '='.charCodeAt(0);
/** Whole groups of three bytes, few enough to be arguments of one call. */
const CHUNK = 3 * 2_048;

/** Bytes as base64 (RFC 4648), for numbers that JSON would write many times longer. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  const codes = new Uint16Array((CHUNK / 3) * 4);
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, bytes.length);
    let length = 0;
    for (let at = from; at < to; at += 3) {
      const left = to - at;
      const group =
        ((bytes[at] ?? 0) << 16) |
        (left > 1 ? (bytes[at + 1] ?? 0) << 8 : 0) |
        (left > 2 ? (bytes[at + 2] ?? 0) : 0);
      codes[length] = CODES[group >> 18] ?? 0;
      codes[length + 1] = CODES[(group >> 12) & 63] ?? 0;
      codes[length + 2] = left > 1 ? (CODES[(group >> 6) & 63] ?? 0) : PADDING;
      codes[length + 3] = left > 2 ? (CODES[group & 63] ?? 0) : PADDING;
      length += 4;
    }
    parts.push(textOf(length === codes.length ? codes : codes.subarray(0, length)));
  }
  return parts.join('');
}

/** A call takes any list of numbers; spreading one would go through its iterator. */
function textOf(codes: ArrayLike<number>): string {
  return Reflect.apply(String.fromCharCode, undefined, codes) as string;
}

/** The bytes of a text that `toBase64` made. */
export function fromBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, byte = 0; at < text.length; at += 4, byte += 3) {
    const group =
      (valueAt(text, at) << 18) |
      (valueAt(text, at + 1) << 12) |
      (valueAt(text, at + 2) << 6) |
      valueAt(text, at + 3);
    bytes[byte] = group >> 16;
    bytes[byte + 1] = (group >> 8) & 255;
    bytes[byte + 2] = group & 255;
  }
  return bytes;
}

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at)] ?? 0;
}
