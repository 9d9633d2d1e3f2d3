import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  happenedWithin,
  type Keeps,
  noteSeries,
  stepsWithin,
  valueWithin,
} from '../../src/telemetry/rollout/unit-series.ts';
import type { NewUnit, UnitRecord } from '../../src/telemetry/rollout/units/unit-record.ts';
import { UnitTable } from '../../src/telemetry/rollout/units/unit-table.ts';

const START = 100_000;
const HORIZONS = [1_000, 5_000];

function unit(change: Partial<NewUnit> = {}): UnitRecord {
  return new UnitTable().add({
    unit: '00000000000000aa',
    arm: 'control',
    allocation: 0,
    firstAtMs: START,
    entered: 0,
    fresh: true,
    contradicted: false,
    early: false,
    treatedBefore: false,
    shareBefore: 0,
    slices: 0,
    outcomes: undefined,
    series: undefined,
    ...change,
  });
}

interface Event {
  readonly atMs: number;
  readonly value: number;
  readonly step: number;
}

const event = fc.record({
  atMs: fc.integer({ min: START - 500, max: START + 6_000 }),
  value: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100),
  step: fc.constant(0),
});
/** As many as are kept apart; more are taken together by a rule of their own. */
const events = fc.array(event, { maxLength: 16 });

/** Notes events, the unit's assignment being counted after so many of them. */
function noted(all: readonly Event[], keeps: Keeps, countedAfter: number): UnitRecord {
  const record = unit();
  for (const [index, each] of all.entries()) {
    if (index === countedAfter) record.fresh = false;
    noteSeries(record, { metric: 0, keeps, horizonsMs: HORIZONS }, each);
  }
  return record;
}

function inside(all: readonly Event[], horizonMs: number): Event[] {
  return all.filter(({ atMs }) => atMs >= START && atMs - START <= horizonMs);
}

describe('what is kept of a unit', () => {
  test('sums to what brute force sums, in any order, whenever the unit is counted', () => {
    fc.assert(
      fc.property(events, fc.nat(20), fc.constantFrom(...HORIZONS), (all, after, horizonMs) => {
        const counted = inside(all, horizonMs);
        const cents = counted.reduce((sum, { value }) => sum + Math.round(value * 100), 0);
        for (const order of [all, all.toReversed()]) {
          const value = valueWithin(
            noted(order, 'sum', after),
            { metric: 0, keeps: 'sum' },
            horizonMs,
          );
          expect(value).toBe(counted.length === 0 ? undefined : cents / 100);
        }
      }),
    );
  });

  test('has the largest and the last value that brute force finds', () => {
    fc.assert(
      fc.property(events, fc.nat(20), fc.constantFrom(...HORIZONS), (all, after, horizonMs) => {
        const counted = inside(all, horizonMs);
        const lastAtMs = Math.max(...counted.map(({ atMs }) => atMs));
        const last = counted.filter(({ atMs }) => atMs === lastAtMs).map(({ value }) => value);
        const found = (keeps: 'max' | 'last') =>
          valueWithin(noted(all, keeps, after), { metric: 0, keeps }, horizonMs);
        if (counted.length === 0) return;
        expect(found('max')).toBe(Math.max(...counted.map(({ value }) => value)));
        expect(found('last')).toBe(Math.max(...last));
      }),
    );
  });

  test('is the same for every order of arrival, however many there are', () => {
    const many = fc.array(event, { minLength: 1, maxLength: 60 });
    const keeps = fc.constantFrom<Keeps>('sum', 'last', 'max', 'times');
    fc.assert(
      fc.property(many, keeps, fc.infiniteStream(fc.nat()), (all, how, keys) => {
        const shuffled = all
          .map((each) => ({ each, key: keys.next().value ?? 0 }))
          .sort((one, other) => one.key - other.key)
          .map(({ each }) => each);
        expect(noted(shuffled, how, Infinity)).toEqual(noted(all, how, Infinity));
      }),
    );
  });

  test('never outgrows its bound', () => {
    const record = unit();
    for (let index = 0; index < 1_000; index++) {
      const rule = { metric: 0, keeps: 'times', horizonsMs: HORIZONS } as const;
      noteSeries(record, rule, { step: index % 3, atMs: START + index, value: 0 });
    }
    expect(record.series?.length).toBeLessThanOrEqual(3 * 16 * 4);
  });

  test('moves with its beginning as long as that may move', () => {
    const record = noted([{ atMs: START - 10, value: 5, step: 0 }], 'sum', Infinity);
    expect(valueWithin(record, { metric: 0, keeps: 'sum' }, 1_000)).toBeUndefined();
    record.firstAtMs = START - 20;
    expect(valueWithin(record, { metric: 0, keeps: 'sum' }, 1_000)).toBe(5);
  });
});

describe('a funnel', () => {
  const steps = 3;
  const taken = fc.array(
    fc.record({
      step: fc.nat(steps - 1),
      atMs: fc.integer({ min: START - 5, max: START + 20 }),
      value: fc.constant(0),
    }),
    { maxLength: 14 },
  );

  /** The most steps that can be chosen with times that never fall. */
  function longest(all: readonly Event[]): number {
    const reach = (step: number, sinceMs: number): number =>
      Math.max(
        step,
        ...all
          .filter((each) => each.step === step && each.atMs >= sinceMs)
          .map(({ atMs }) => reach(step + 1, atMs)),
      );
    return reach(0, START);
  }

  test('counts the steps that brute force can put in order', () => {
    fc.assert(
      fc.property(taken, fc.nat(15), (all, after) => {
        const record = noted(all, 'times', after);
        expect(stepsWithin(record, { metric: 0, steps }, 5_000)).toBe(longest(all));
      }),
    );
  });
});

describe('a return', () => {
  test('counts from `after` to the end of the window, both included', () => {
    const came = (sinceMs: number) => {
      const record = noted([{ atMs: START + sinceMs, value: 0, step: 0 }], 'times', 0);
      return happenedWithin(record, 0, { afterMs: 2_000, horizonMs: 5_000 });
    };
    expect([1_999, 2_000, 5_000, 5_001].map(came)).toEqual([false, true, true, false]);
  });
});
