import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absorbAgainstLimit,
  createLimitProcess,
  limitLogE,
  mayReachLimit,
  openStart,
} from '../../src/index.ts';

describe('whether a limit may be reached', () => {
  it('is never denied where it is, whatever was seen and however many starts there are', () => {
    const batch = fc.record({ bad: fc.integer({ min: 0, max: 40 }), opens: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(batch, { maxLength: 30 }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (batches, limit) => {
          const process = createLimitProcess();
          for (const { bad, opens } of batches) {
            if (opens) openStart(process);
            absorbAgainstLimit(process, { units: 1_000, bad, limit: 0.015 });
            if (limitLogE(process) >= limit) expect(mayReachLimit(process, limit)).toBe(true);
          }
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });

  it('is denied where the rate is what the limit allows', () => {
    const process = createLimitProcess();
    for (let batch = 0; batch < 20; batch += 1) {
      absorbAgainstLimit(process, { units: 1_000, bad: 15, limit: 0.015 });
      expect(mayReachLimit(process, Math.log(100))).toBe(false);
    }
  });
});
