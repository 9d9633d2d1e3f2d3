import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess, mayShowHarm } from '../../src/index.ts';
import { enter, hypothesis, judgeOf, take } from '../support/judge.ts';

const RARE = hypothesis({ id: 'rare', weight: 0.7, baselineRate: 0.01 });
const FREQUENT = hypothesis({ id: 'frequent', weight: 0.3, baselineRate: 0.3, frequent: true });

describe('whether harm may be shown', () => {
  it('is never denied where it is shown, whatever was seen', () => {
    let shown = 0;
    const batch = fc.record({
      id: fc.constantFrom('rare', 'frequent'),
      units: fc.integer({ min: 50, max: 5_000 }),
      treatmentRate: fc.double({ min: 0, max: 0.6, noNaN: true }),
      controlRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 20 }), (batches) => {
        const state = judgeOf([RARE, FREQUENT]);
        enter(state, 0);
        for (const { id, units, treatmentRate, controlRate } of batches) {
          const bad = (rate: number) => Math.round(units * rate);
          take(state, [units, bad(treatmentRate), units, bad(controlRate)], { id });
          const { harmful } = assess(state).harm;
          if (harmful) shown += 1;
          if (harmful) expect(mayShowHarm(state, 'guardrail')).toBe(true);
        }
      }),
      { seed: 7, numRuns: 200 },
    );
    expect(shown).toBeGreaterThan(50);
  });

  it('is denied of a healthy rollout, so that looks at it cost little', () => {
    const state = judgeOf([RARE, FREQUENT]);
    enter(state, 0);
    for (let batch = 0; batch < 50; batch += 1) {
      take(state, [1_000, 10, 1_000, 10], { id: 'rare' });
      take(state, [1_000, 300, 1_000, 300], { id: 'frequent' });
      expect(mayShowHarm(state, 'guardrail')).toBe(false);
    }
    expect(mayShowHarm(state, 'signal')).toBe(false);
  });
});
