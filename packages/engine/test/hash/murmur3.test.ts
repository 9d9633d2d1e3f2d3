import { murmur3 } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3Absorb, murmur3After, murmur3End, murmur3Start } from '../../src/hash/murmur3.ts';

/** Computed by an implementation in another language. */
const VECTORS: readonly (readonly [text: string, seed: number, hash: number])[] = [
  ['', 0, 0],
  ['a', 0, 1009084850],
  ['ab', 0, 2613040991],
  ['abc', 0, 3017643002],
  ['abcd', 0, 1139631978],
  ['abcde', 0, 3902511862],
  ['é', 0, 269551495],
  ['ß', 0, 336885798],
  ['ユーザー', 0, 1660782388],
  ['👍🏽', 0, 8581379],
  ['user-1', 0, 4171401059],
  ['a'.repeat(100), 0, 2398069864],
  ['\0', 0, 1364076727],
  ['', 0x9747b28c, 3954623016],
  ['a', 0x9747b28c, 2141232806],
  ['hello', 0x9747b28c, 1568626408],
  ['é', 0x9747b28c, 3803873894],
  ['ejOoVL', 0, 0],
  ['bY9fO-', 0, 1],
  ['SI7p-', 0, 0x7fffffff],
  ['6LvT0', 0, 0x80000000],
  ['ceQdGm', 0, 0xffffffff],
];

/** Any UTF-16 text, lone surrogates included. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0x7f }),
      fc.integer({ min: 0x80, max: 0xffff }),
      fc.constantFrom(0xd800, 0xdbff, 0xdc00, 0xdfff),
    ),
    { maxLength: 20 },
  )
  .map((units) => String.fromCharCode(...units));
const asciiText = fc
  .array(fc.nat(0x7f), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

describe('murmur3', () => {
  test.each(VECTORS)('%j with seed %d', (text, seed, hash) => {
    expect(murmur3(text, seed)).toBe(hash);
  });

  test('hashes the bytes that TextEncoder gives', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, asciiText), fc.nat(0xffffffff), (text, seed) => {
        expect(murmur3(text, seed)).toBe(byteByByte(new TextEncoder().encode(text), seed));
      }),
    );
  });

  test('a prefix absorbed before gives the same as the whole text', () => {
    // Not split within a surrogate pair, which would be two other characters.
    const wellFormed = anyText.map((text) =>
      new TextDecoder().decode(new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(wellFormed, wellFormed, wellFormed, (a, b, c) => {
        const afterA = murmur3Absorb(murmur3Start(7), a);
        const afterB = murmur3Absorb(afterA, b);
        expect(murmur3After(afterB, c)).toBe(murmur3(a + b + c, 7));
        expect(murmur3End(murmur3Absorb(afterB, c))).toBe(murmur3(a + b + c, 7));
        expect(murmur3After(afterA, b + c)).toBe(murmur3(a + b + c, 7));
      }),
    );
  });
});

/** Murmur3 as its author wrote it, over bytes, in arbitrary precision. */
function byteByByte(bytes: Uint8Array, seed: number): number {
  const mask = 0xffffffffn;
  const rotate = (value: bigint, by: bigint) => ((value << by) | (value >> (32n - by))) & mask;
  const mix = (block: bigint) => (rotate((block * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
  const blockAt = (start: number, end: number) =>
    [...bytes.slice(start, end)].reduce(
      (sum, byte, index) => sum | (BigInt(byte) << BigInt(8 * index)),
      0n,
    );
  const whole = bytes.length - (bytes.length % 4);
  let hash = BigInt(seed);
  for (let start = 0; start < whole; start += 4) {
    hash = (rotate(hash ^ mix(blockAt(start, start + 4)), 13n) * 5n + 0xe6546b64n) & mask;
  }
  hash ^= mix(blockAt(whole, bytes.length)) ^ BigInt(bytes.length);
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & mask;
  hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(hash ^ (hash >> 16n));
}
