import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutcomeItems } from '../../src/telemetry/outcome-items.ts';

const OF = { unit: 'u', salt: undefined };

const tracked = fc.array(
  fc.record({ atMs: fc.nat(20), value: fc.integer({ min: -50, max: 50 }) }),
  { minLength: 1, maxLength: 20 },
);

describe('what is tracked of one unit in a report', () => {
  it('comes to number, first and last time, sum, largest and last value, in any order', () => {
    fc.assert(
      fc.property(tracked, (events) => {
        const items = new OutcomeItems();
        for (const { atMs, value } of events) {
          items.add({ of: OF, metric: 'basket', atMs, value: 1, tracked: value }, 10);
        }
        const times = events.map(({ atMs }) => atMs);
        const [atMs, lastAtMs] = [Math.min(...times), Math.max(...times)];
        const values = events.map(({ value }) => value);
        const atLast = events.filter((event) => event.atMs === lastAtMs);
        expect(items.drain()).toEqual([
          {
            unit: 'u',
            metric: 'basket',
            atMs,
            value: events.length,
            ...(lastAtMs > atMs ? { lastAtMs } : {}),
            values: {
              sum: values.reduce((sum, value) => sum + value, 0),
              largest: Math.max(...values),
              last: Math.max(...atLast.map(({ value }) => value)),
            },
          },
        ]);
      }),
    );
  });
});
