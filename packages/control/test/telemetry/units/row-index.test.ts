import { describe, expect, it, vi } from 'vitest';
import { hashColumns, RowIndex } from '../../../src/telemetry/rollout/units/row-index.ts';

const ROWS = 20_000;
const word = (number: number) => number >>> 0;

describe('the index of a table of units', () => {
  it.each<[string, (row: number) => readonly [high: number, low: number]]>([
    ['are numbered', (row) => [0, row]],
    ['are numbered in both halves', (row) => [row, row]],
    ['end in the same bits', (row) => [word(row << 17), word(row << 16)]],
    ['begin with the same bits', (row) => [0xffff0000 + (row >> 8), row]],
    ['go up by a power of two', (row) => [row, word(row * 4_096)]],
    ['are as random as hashes', (row) => [word(row * 0x9e3779b1), word(row * row * 0x85ebca6b)]],
  ])('takes a few steps to a unit whose ids %s', (_, idOf) => {
    const columns = hashColumns();
    const index = new RowIndex();
    const ids = [
      ...new Map(Array.from({ length: ROWS }, (_, row) => [String(idOf(row)), idOf(row)])).values(),
    ];
    for (const [row, [high, low]] of ids.entries()) {
      columns.high.set(row, high);
      columns.low.set(row, low);
      index.add(row, columns);
    }
    // Every step over a place in use reads the low half of its row.
    const steps = vi.spyOn(columns.low, 'at');
    let most = 0;
    for (const [row, [high, low]] of ids.entries()) {
      const before = steps.mock.calls.length;
      expect(index.find(high, low, columns)).toBe(row);
      most = Math.max(most, steps.mock.calls.length - before);
    }
    expect(ids.length).toBeGreaterThan(ROWS / 4);
    expect(steps.mock.calls.length / ids.length).toBeLessThan(3);
    expect(most).toBeLessThan(150);
  });
});
