/** A 64-bit hash as two unsigned 32-bit halves: JavaScript's numbers cannot hold it in one. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

export const ZERO_HASH: Hash64 = { high: 0, low: 0 };

/** 16 lower-case hexadecimal digits. */
export function hash64Text(hash: Hash64): string {
  return digits(hash.high) + digits(hash.low);
}

/** The hash written as 16 lower-case hexadecimal digits; undefined for any other text. */
export function parseHash64(text: string): Hash64 | undefined {
  if (!/^[0-9a-f]{16}$/.test(text)) return undefined;
  return { high: Number.parseInt(text.slice(0, 8), 16), low: Number.parseInt(text.slice(8), 16) };
}

/** a + b mod 2^64. */
export function addHash64(a: Hash64, b: Hash64): Hash64 {
  const low = a.low + b.low;
  const carry = low > 0xffffffff ? 1 : 0;
  return { high: (a.high + b.high + carry) >>> 0, low: low >>> 0 };
}

/** a - b mod 2^64. */
export function subtractHash64(a: Hash64, b: Hash64): Hash64 {
  const borrow = a.low < b.low ? 1 : 0;
  return { high: (a.high - b.high - borrow) >>> 0, low: (a.low - b.low) >>> 0 };
}

function digits(half: number): string {
  return half.toString(16).padStart(8, '0');
}
