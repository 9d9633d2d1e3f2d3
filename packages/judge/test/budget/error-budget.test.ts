import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { burnWindows } from '../../src/budget/burn-windows.ts';
import { errorBudget, type EventCounts } from '../../src/budget/error-budget.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 100 * DAY;
const objective = { target: 0.999, windowMs: 30 * DAY };

/** Hourly batches of the last `hours` hours, each with `total` events. */
function hourly(hours: number, bad: (hoursAgo: number) => number, total = 10_000): EventCounts[] {
  return Array.from({ length: hours }, (_, ago) => ({
    endMs: NOW - ago * HOUR,
    total,
    bad: bad(ago),
  }));
}

function budgetOf(counts: readonly EventCounts[]) {
  return errorBudget({ objective, counts, nowMs: NOW, batchMs: MINUTE });
}

describe('windows of the Site Reliability Workbook', () => {
  test('for 30 days they are the published ones', () => {
    const windows = burnWindows(30 * DAY, MINUTE);
    expect(windows.map(({ longMs, shortMs, burnRate }) => [longMs, shortMs, burnRate])).toEqual([
      [HOUR, 5 * MINUTE, 14.4],
      [6 * HOUR, 30 * MINUTE, 6],
      [3 * DAY, 6 * HOUR, 1],
    ]);
  });

  test('at any SLO window a pair fires at 2, 5 and 10 % of the budget spent', () => {
    for (const days of [1, 7, 28, 30, 90]) {
      const windowMs = days * DAY;
      const spent = burnWindows(windowMs, 1).map((w) => (w.burnRate * w.longMs) / windowMs);
      expect(spent[0]).toBeCloseTo(0.02, 6);
      expect(spent[1]).toBeCloseTo(0.05, 6);
      expect(spent[2]).toBeCloseTo(0.1, 6);
    }
  });

  test('lengths are whole batches', () => {
    for (const { longMs, shortMs } of burnWindows(7 * DAY, MINUTE)) {
      expect(longMs % MINUTE).toBe(0);
      expect(shortMs % MINUTE).toBe(0);
      expect(shortMs).toBeGreaterThan(0);
    }
  });
});

describe('error budget', () => {
  test('spending exactly the allowed share is a burn rate of 1 and leaves nothing', () => {
    const budget = budgetOf(hourly(30 * 24, () => 10));
    for (const rate of budget.burnRates) expect(rate.long).toBeCloseTo(1, 9);
    expect(budget.remaining).toBeCloseTo(0, 9);
    expect(budget.allowed).toBeCloseTo(7200, 6);
  });

  test('an outage of the last hour at 2 % errors calls people; two hours after its end it does not', () => {
    const during = budgetOf(hourly(30 * 24, (ago) => (ago < 1 ? 200 : 0)));
    expect(during.burnRates[0]).toMatchObject({ name: 'fast', firing: true });
    expect(during.burnRates[0]?.long).toBeCloseTo(20, 9);
    const after = budgetOf(hourly(30 * 24, (ago) => (ago === 2 ? 200 : 0)));
    expect(after.burnRates[0]?.firing).toBe(false);
    expect(after.remaining).toBeCloseTo(1 - 200 / 7200, 9);
  });

  test('a high rate in the short window alone does not fire', () => {
    const counts = [
      { endMs: NOW, total: 100, bad: 10 },
      ...Array.from({ length: 59 }, (_, i) => ({
        endMs: NOW - (i + 1) * MINUTE,
        total: 100,
        bad: 0,
      })),
    ];
    const fast = budgetOf(counts).burnRates[0];
    expect(fast?.short).toBeCloseTo(20, 9);
    expect(fast?.long).toBeCloseTo(10 / 6, 9);
    expect(fast?.firing).toBe(false);
  });

  test('the time left is the rest of the budget at the present rate', () => {
    const budget = budgetOf(hourly(30 * 24, (ago) => (ago < 1 ? 1440 : 0)));
    expect(budget.remaining).toBeCloseTo(0.8, 9);
    // 144 times the allowed rate spends 80 % of 30 days' budget in four hours.
    expect(budget.exhaustedInMs).toBeCloseTo(4 * HOUR, 0);
  });

  test('without events nothing fires and nothing is called healthy', () => {
    const budget = budgetOf([]);
    expect(budget.remaining).toBeNull();
    expect(budget.exhausted).toBe(false);
    for (const rate of budget.burnRates) {
      expect(rate).toMatchObject({ long: null, short: null, firing: false });
    }
  });

  test('an overspent budget is exhausted and negative', () => {
    const budget = budgetOf(hourly(24, () => 20));
    expect(budget).toMatchObject({ exhausted: true, exhaustedInMs: 0 });
    expect(budget.remaining).toBeCloseTo(-1, 9);
  });

  test('neither order nor the number of parts of a batch matters', () => {
    const batch = fc.record({
      ago: fc.integer({ min: 0, max: 40 * 24 }),
      total: fc.integer({ min: 0, max: 1000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 40 }), (batches) => {
        const counts = batches.map(({ ago, total, share }) => ({
          endMs: NOW - ago * HOUR,
          total: 2 * total,
          bad: 2 * Math.floor(total * share),
        }));
        const halves = counts.flatMap(({ endMs, total, bad }) => [
          { endMs, total: total / 2, bad: bad / 2 },
          { endMs, total: total / 2, bad: bad / 2 },
        ]);
        expect(budgetOf(halves.reverse())).toEqual(budgetOf(counts));
      }),
    );
  });

  test('one more bad event never leaves more of the budget', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 0, max: 99 }), (day, bad) => {
        const at = (count: number) =>
          budgetOf([
            { endMs: NOW - day * DAY, total: 100, bad: count },
            { endMs: NOW - 1, total: 900, bad: 1 },
          ]).remaining ?? 0;
        expect(at(bad + 1)).toBeLessThan(at(bad));
      }),
    );
  });

  test('input that no budget follows from is refused with its field', () => {
    const refused = (counts: EventCounts[], target = 0.999) => {
      try {
        errorBudget({ objective: { ...objective, target }, counts, nowMs: NOW, batchMs: MINUTE });
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(refused([], 1)).toMatchObject({ code: 'share_out_of_range', field: 'objective.target' });
    expect(refused([{ endMs: 0, total: 1, bad: 2 }])).toMatchObject({
      code: 'more_bad_than_total',
      field: 'counts[0].bad',
    });
  });
});
