import { type Allocation, bucketOf, compile, type EvaluationContext } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { condition, context } from '../support/arbitraries.ts';
import { flagOf, rolloutOf, snapshotOf } from '../support/snapshots.ts';

const UNITS = Array.from({ length: 300 }, (_, index) => `unit-${index}`);
const share = fc.oneof(fc.nat(1_000_000), fc.constantFrom(0, 1, 999_999, 1_000_000));

/** The contexts that a rollout with these allocations treats. */
function treated<Context extends EvaluationContext>(
  allocations: readonly Allocation[],
  contexts: readonly Context[],
): Context[] {
  const flag = flagOf('f', { rollout: rolloutOf('f', 0, { allocations, salt: 'salt of f' }) });
  const handle = compile(snapshotOf([flag])).handle('f');
  return contexts.filter((each) => handle.evaluate(each).exposure?.arm === 'treatment');
}

const contexts = UNITS.map((targetingKey) => ({ targetingKey }));

describe('exposure is monotone and last-in-first-out', () => {
  test('raising a share moves nobody out, lowering it removes the latest first', () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const low = treated([{ sharePerMillion: Math.min(a, b) }], contexts);
        const high = treated([{ sharePerMillion: Math.max(a, b) }], contexts);
        expect(high).toEqual(expect.arrayContaining(low));
        // Whoever came in between low and high has a higher bucket than all who were in before.
        const latest = high.filter((each) => !low.includes(each));
        const highestOfLow = Math.max(
          -1,
          ...low.map((each) => bucketOf('salt of f', each.targetingKey)),
        );
        for (const each of latest) {
          expect(bucketOf('salt of f', each.targetingKey)).toBeGreaterThan(highestOfLow);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('whoever is treated is treated by a stage that includes the earlier one', () => {
    const allocation = fc.record(
      { audience: condition, sharePerMillion: share },
      { requiredKeys: ['sharePerMillion'] },
    );
    const wider = fc
      .array(allocation, { maxLength: 3 })
      .chain((earlier) =>
        fc.tuple(
          fc.constant(earlier),
          fc.tuple(
            ...earlier.map(({ sharePerMillion }) =>
              fc.integer({ min: sharePerMillion, max: 1_000_000 }),
            ),
          ),
          fc.array(allocation, { maxLength: 2 }),
        ),
      );
    fc.assert(
      fc.property(
        wider,
        fc.array(context, { maxLength: 20 }),
        ([earlier, shares, added], given) => {
          const later = earlier.map((each, index) => ({
            ...each,
            sharePerMillion: shares[index] ?? 0,
          }));
          const before = treated(earlier, given);
          expect(treated([...later, ...added], given)).toEqual(expect.arrayContaining(before));
          expect(treated([...added, ...later], given)).toEqual(expect.arrayContaining(before));
        },
      ),
    );
  });

  test('the share is the share', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ targetingKey: `user-${index}` }));
    for (const sharePerMillion of [10_000, 250_000, 500_000]) {
      const expected = (many.length * sharePerMillion) / 1_000_000;
      const deviation = Math.sqrt(expected * (1 - sharePerMillion / 1_000_000));
      const count = treated([{ sharePerMillion }], many).length;
      expect(Math.abs(count - expected)).toBeLessThan(4 * deviation);
    }
  });

  test('salts are independent', () => {
    const inBoth = UNITS.filter(
      (unit) => bucketOf('one', unit) < 500_000 && bucketOf('two', unit) < 500_000,
    );
    expect(inBoth.length).toBeGreaterThan(45);
    expect(inBoth.length).toBeLessThan(105);
  });
});
