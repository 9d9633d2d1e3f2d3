/** The halves of a unit's 64-bit hash, 32 bits each. */
export interface HashWords {
  readonly high: number;
  readonly low: number;
}

/** A unit's 16 hexadecimal digits as two numbers. */
export function hashWords(unit: string): HashWords {
  return { high: wordAt(unit, 0), low: wordAt(unit, 8) };
}

/**
 * 32 bits that all bits of the hash bear upon (the finalizer of MurmurHash3): a place in a table may then
 * be taken from any of them. Whoever sends units may number them; what a table costs must not hang on that.
 */
export function mixedWords({ high, low }: HashWords): number {
  return fmix32(high ^ fmix32(low ^ 0x9e3779b9));
}

function fmix32(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function wordAt(unit: string, from: number): number {
  let word = 0;
  for (let at = from; at < from + 8; at++) {
    const code = unit.charCodeAt(at);
    word = (word << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return word >>> 0;
}
