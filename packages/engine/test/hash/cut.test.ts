import { bucketOf, compile, cut, murmur3 } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutThreshold } from '../../src/hash/cut.ts';
import { flagOf, snapshotOf } from '../support/snapshots.ts';

const hash = fc.oneof(
  fc.nat(0xffffffff),
  fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff),
);
const total = fc.oneof(
  fc.integer({ min: 1, max: 0x7fffffff }),
  fc.constantFrom(1, 2, 3, 100, 1_000_000, 0x7fffffff),
);

describe('cut', () => {
  test('is floor(hash * total / 2^32), exactly', () => {
    fc.assert(
      fc.property(hash, total, (h, t) => {
        expect(cut(h, t)).toBe(Number((BigInt(h) * BigInt(t)) >> 32n));
      }),
      { numRuns: 2000 },
    );
  });

  test('a threshold says the same as a comparison of cuts', () => {
    fc.assert(
      fc.property(total, fc.double({ min: 0, max: 1, noNaN: true }), hash, (t, part, h) => {
        const share = Math.floor(part * t);
        const threshold = cutThreshold(share, t);
        for (const each of [h, threshold - 1, threshold]) {
          if (each < 0 || each > 0xffffffff) continue;
          expect(each < threshold).toBe(cut(each, t) < share);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('the ends of thresholds', () => {
    expect(cutThreshold(0, 100)).toBe(0);
    expect(cutThreshold(100, 100)).toBe(2 ** 32);
    expect(cutThreshold(5, 0)).toBe(0);
    expect(cutThreshold(1, 2)).toBe(2 ** 31);
    expect(cutThreshold(1, 3)).toBe(Math.ceil(2 ** 32 / 3));
  });

  test('bucketOf is of a million, by salt and unit', () => {
    expect(bucketOf('', 'ejOoVL')).toBe(0);
    expect(bucketOf('', 'ceQdGm')).toBe(999_999);
    expect(bucketOf('new-checkout', 'user-1')).toBe(Math.floor((1954156369 / 2 ** 32) * 1_000_000));
  });
});

test("a split gives what flagd's fractional gives for the same weights", () => {
  const weights = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(1_000_000)), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(weights, fc.string({ minLength: 1 }), (given, unit) => {
      const flag = flagOf('salted', {
        type: 'string',
        variants: { a: 'A', b: 'B', c: 'C', none: '' },
        serve: 'none',
        safe: 'none',
        rules: [{ name: 'all', if: { all: [] }, split: { weights: given } }],
      });
      const { variant } = compile(snapshotOf([flag])).evaluate('salted', { targetingKey: unit });
      expect(variant).toBe(fractional(`salted${unit}`, given) ?? 'none');
    }),
  );
});

/** flagd's operator in 64-bit integers: the first bucket whose cumulative weight is above the cut. */
function fractional(key: string, weights: readonly (readonly [string, number])[]) {
  const sum = weights.reduce((whole, [, weight]) => whole + BigInt(weight), 0n);
  const position = (BigInt(murmur3(key)) * sum) >> 32n;
  let cumulative = 0n;
  for (const [variant, weight] of weights) {
    cumulative += BigInt(weight);
    if (position < cumulative) return variant;
  }
  return undefined;
}
