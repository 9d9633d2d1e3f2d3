import { expect, test } from 'vitest';
import { checkMeasured } from '../../src/check/check-measured.ts';

const HOUR_MS = 3_600_000;

test('a check says nothing of a slice where all units fit', () => {
  const expected = { unitsPerSecond: 100, totalMs: 8 * HOUR_MS, maxUnits: 3_000_000 };
  expect(checkMeasured(expected)).toEqual([]);
  expect(checkMeasured({ ...expected, totalMs: Infinity })).toEqual([]);
});

test('a check says from which traffic on a slice is measured, how much of it, and what that costs', () => {
  const [item] = checkMeasured({
    unitsPerSecond: 1_000,
    totalMs: 10 * HOUR_MS,
    maxUnits: 3_000_000,
  });
  expect(item).toMatchObject({ code: 'units_measured', ok: true });
  expect(item?.text).toContain('Above 5,000 new units a minute over 10 h');
  expect(item?.text).toContain('up to 36,000,000, of which one in 16 is measured at the end');
});
