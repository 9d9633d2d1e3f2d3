/** A unit's id as SDKs write it: 64 bits in hexadecimal that look like chance, as those of a hash do. */
export function unitIdOf(number: number): string {
  return word(number, 0x9e3779b9) + word(number, 0x7feb352d);
}

/** The finalizer of MurmurHash3, which takes no two numbers to the same word. */
function word(number: number, salt: number): string {
  let mixed = (number ^ salt) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
