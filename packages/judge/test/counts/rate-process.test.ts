import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProcess, absorbBatch, logE } from '../../src/betting/process.ts';
import { HARM_MIXTURE } from '../../src/betting/mixtures.ts';
import { cappedOutcome } from '../../src/counts/capped-outcome.ts';
import {
  absorbEvents,
  absorbEventTotals,
  createRateProcess,
  type EventBatch,
  rateLogE,
  type RateProcess,
} from '../../src/counts/rate-process.ts';

const NULLS = [
  { ratio: 1, excess: 0 },
  { ratio: 1.05, excess: 0 },
  { ratio: 1.1, excess: 0.3 },
];

function process(
  claim: RateProcess['claim'],
  nullRate = { ratio: 1, excess: 0 },
  baselineRate = 1,
) {
  return createRateProcess({ claim, null: nullRate, baselineRate });
}

function logEOf(batches: readonly EventBatch[], nullRate = { ratio: 1, excess: 0 }): number {
  const state = process('harm', nullRate);
  for (const batch of batches) absorbEvents(state, batch);
  return rateLogE(state);
}

/** Sum over all counts of Poisson probability x e: the expectation of a batch's e-value. */
function expectation(
  state: () => RateProcess,
  exposure: [number, number],
  rates: [number, number],
): number {
  const chance = (mean: number, count: number) => {
    let p = Math.exp(-mean);
    for (let k = 1; k <= count; k += 1) p *= mean / k;
    return p;
  };
  let sum = 0;
  for (let t = 0; t < 60; t += 1) {
    for (let c = 0; c < 60; c += 1) {
      const after = state();
      absorbEvents(after, {
        treatment: { exposure: exposure[0], events: t },
        control: { exposure: exposure[1], events: c },
      });
      const p = chance(exposure[0] * rates[0], t) * chance(exposure[1] * rates[1], c);
      sum += p * Math.exp(rateLogE(after));
    }
  }
  return sum;
}

describe('rates of Poisson events', () => {
  test.each(NULLS)('at the null %j the expectation is 1, below it less', (nullRate) => {
    for (const exposure of [
      [1, 1],
      [0.2, 7],
    ] as [number, number][]) {
      const control = 1.3;
      const limit = nullRate.ratio * control + nullRate.excess;
      const at = expectation(() => process('harm', nullRate), exposure, [limit, control]);
      expect(at).toBeCloseTo(1, 6);
      const below = expectation(() => process('harm', nullRate), exposure, [0.8 * limit, control]);
      expect(below).toBeLessThan(1);
      const above = expectation(() => process('nonInferiority', nullRate), exposure, [
        1.2 * limit,
        control,
      ]);
      expect(above).toBeLessThan(1);
    }
  });

  test('distinct units with 0 or 1 events are judged as by the process of shares', () => {
    const shares = createProcess({ ratio: 1.05, excess: 0 }, 0.01, HARM_MIXTURE);
    const rates = process('harm', { ratio: 1.05, excess: 0 }, 0.01);
    for (const [units, bad] of [
      [100, 3],
      [150, 0],
      [80, 5],
    ] as const) {
      absorbBatch(shares, HARM_MIXTURE, {
        treatment: { units, bad },
        control: { units: 9000, bad: 80 },
      });
      absorbEvents(rates, {
        treatment: { exposure: units, events: bad },
        control: { exposure: 9000, events: 80 },
      });
    }
    expect(rateLogE(rates)).toBeCloseTo(logE(shares, HARM_MIXTURE), 12);
  });

  test('for a ratio alone, the configured share stands in for exposures', () => {
    const known = process('harm');
    const totals = process('harm');
    absorbEvents(known, {
      treatment: { exposure: 50, events: 9 },
      control: { exposure: 950, events: 100 },
    });
    absorbEventTotals(totals, { share: 0.05, treatmentEvents: 9, controlEvents: 100 });
    expect(rateLogE(totals)).toBeCloseTo(rateLogE(known), 12);
  });

  test('an excess needs exposures', () => {
    const state = process('harm', { ratio: 1, excess: 0.1 });
    expect(() =>
      absorbEventTotals(state, { share: 0.5, treatmentEvents: 1, controlEvents: 1 }),
    ).toThrow(expect.objectContaining({ code: 'exposure_needed', field: 'null.excess' }));
  });

  const arm = fc.record({
    exposure: fc.double({ min: 0.5, max: 1000, noNaN: true }),
    events: fc.integer({ min: 0, max: 50 }),
  });

  test('the unit of exposure does not matter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ treatment: arm, control: arm }), { maxLength: 6 }),
        (batches) => {
          const inMinutes = batches.map((batch) => ({
            treatment: { ...batch.treatment, exposure: batch.treatment.exposure / 60 },
            control: { ...batch.control, exposure: batch.control.exposure / 60 },
          }));
          expect(logEOf(inMinutes)).toBeCloseTo(logEOf(batches), 9);
        },
      ),
    );
  });

  test('splitting a batch at the same split of exposure changes nothing without an excess', () => {
    fc.assert(
      fc.property(arm, arm, fc.integer({ min: 0, max: 50 }), (treatment, control, first) => {
        const part = Math.min(first, treatment.events, control.events);
        const pieces = [0.25, 0.75].map((share, index) => ({
          treatment: {
            exposure: share * treatment.exposure,
            events: index === 0 ? part : treatment.events - part,
          },
          control: {
            exposure: share * control.exposure,
            events: index === 0 ? part : control.events - part,
          },
        }));
        expect(logEOf(pieces)).toBeCloseTo(logEOf([{ treatment, control }]), 9);
      }),
    );
  });

  test('a batch without exposure in an arm changes no evidence', () => {
    const batch = {
      treatment: { exposure: 10, events: 5 },
      control: { exposure: 90, events: 9 },
    };
    const empty = { treatment: { exposure: 0, events: 0 }, control: { exposure: 50, events: 3 } };
    expect(logEOf([batch, empty])).toBe(logEOf([batch]));
  });

  test('impossible counts are refused and change nothing', () => {
    const state = process('harm');
    const before = JSON.stringify(state);
    expect(() =>
      absorbEvents(state, {
        treatment: { exposure: 1, events: -1 },
        control: { exposure: 1, events: 0 },
      }),
    ).toThrow(expect.objectContaining({ code: 'number_out_of_range', field: 'treatment.events' }));
    expect(JSON.stringify(state)).toBe(before);
  });
});

test('a capped outcome is the share of the cap', () => {
  expect([0, 1, 3, 4, 90].map((events) => cappedOutcome(events, 4))).toEqual([0, 0.25, 0.75, 1, 1]);
});
