import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECONNECT, RETRY, backoffMs } from '../../src/timing/backoff.ts';

describe('back-off', () => {
  it('stays between its limits for every attempt and draw', () => {
    const draw = fc.double({ min: 0, max: 0.999999, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(RECONNECT, RETRY),
        fc.nat(5_000),
        draw,
        (limits, attempt, drawn) => {
          const delayMs = backoffMs(limits, attempt, () => drawn);
          expect(delayMs).toBeGreaterThanOrEqual(limits.minMs);
          expect(delayMs).toBeLessThanOrEqual(limits.maxMs);
        },
      ),
    );
  });

  it('doubles its ceiling up to the limit', () => {
    const ceilings = [0, 1, 2, 3, 4].map((attempt) => backoffMs(RECONNECT, attempt, () => 1));
    expect(ceilings).toEqual([400, 800, 1_600, 3_200, 5_000]);
  });
});
