import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OverlayMap } from '../../src/state/overlay-map.ts';

type Change = readonly ['set', number, number] | readonly ['delete', number] | readonly ['clear'];

const key = fc.integer({ min: 0, max: 7 });
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('set' as const), key, fc.nat()) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const)) },
);

function apply(map: Map<number, number>, [name, ...values]: Change): void {
  if (name === 'clear') map.clear();
  else if (name === 'delete') map.delete(values[0]!);
  else map.set(values[0]!, values[1]!);
}

it('an overlay is what a copy would be, and leaves the map underneath as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat())), fc.array(change), (entries, changes) => {
      const base = new Map(entries);
      const copy = new Map(entries);
      const overlay = new OverlayMap(base);
      for (const each of changes) {
        apply(copy, each);
        apply(overlay, each);
        expect([...overlay]).toEqual([...copy]);
        expect(overlay.size).toBe(copy.size);
        for (let k = 0; k < 8; k++) {
          expect(overlay.has(k)).toBe(copy.has(k));
          expect(overlay.get(k)).toBe(copy.get(k));
        }
      }
      expect([...base]).toEqual([...new Map(entries)]);
    }),
  );
});

it('makes the view of a value once', () => {
  const base = new Map([['a', { n: 1 }]]);
  const overlay = new OverlayMap(base, ({ n }) => ({ n: n + 1 }));
  expect(overlay.get('a')).toEqual({ n: 2 });
  expect(overlay.get('a')).toBe(overlay.get('a'));
  expect([...overlay.values()]).toEqual([{ n: 2 }]);
  expect(base.get('a')).toEqual({ n: 1 });
});
