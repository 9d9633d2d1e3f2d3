import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearMisses } from '../../src/output/near-miss.ts';

const known = ['new-checkout', 'new-pricing', 'express-pay', 'dark-mode'];

describe('nearMisses', () => {
  it.each([
    ['new-chekout', ['new-checkout']],
    ['NEW-CHECKOUT', ['new-checkout']],
    ['new-chcekout', ['new-checkout']],
    ['checkout', ['new-checkout']],
    ['dark', ['dark-mode']],
    ['unrelated', []],
  ])('%s', (typed, meant) => {
    expect(nearMisses(typed, known)).toEqual(meant);
  });

  it('shows three at most', () => {
    expect(nearMisses('flag-1', ['flag-2', 'flag-3', 'flag-4', 'flag-5'])).toHaveLength(3);
  });
});

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['flag', 'flag', 0],
  ])('%s to %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
