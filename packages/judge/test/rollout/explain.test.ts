import { describe, expect, it } from 'vitest';
import { assessTotals, explain } from '../../src/index.ts';
import { enter, judgeOf, type Quad, take } from '../support/judge.ts';

function sentenceAfter(...quads: Quad[]): string {
  const state = judgeOf();
  enter(state, 0);
  for (const quad of quads) take(state, quad);
  const [only, ...others] = explain(assessTotals(state));
  expect(others).toEqual([]);
  expect(only?.hypothesis).toBe('http.error_rate@60000');
  expect(only?.totals.stage).toBe(-1);
  return only?.text ?? '';
}

describe('explain', () => {
  it('says how much worse, how surely, and how many it hit', () => {
    const text = sentenceAfter([10_000, 210, 90_000, 900]);
    expect(text).toContain('http.error_rate@60000: ');
    expect(text).toContain('treatment fails 2.1 times as often as control');
    expect(text).toMatch(/at least 1\.[4-9] times with 99 % certainty/);
    expect(text).toContain('110 more bad outcomes than control would have had');
  });

  it('says how much worse it can be at most when it is not worse', () => {
    const text = sentenceAfter([100_000, 1_000, 900_000, 9_000]);
    expect(text).toMatch(/at most 1\.[1-3] times as often as control with 99 % certainty/);
    expect(text).not.toContain('more bad outcomes');
  });

  it.each<[string, Quad[], string]>([
    ['nothing yet', [[0, 0, 10, 0]], 'no treatment unit has been counted yet'],
    ['no control', [[10, 1, 0, 0]], 'no control to compare with'],
    ['too little', [[10, 0, 10, 0]], 'too few outcomes to tell them apart yet'],
  ])('says so when there is %s', (_, quads, expected) => {
    expect(sentenceAfter(...quads)).toContain(expected);
  });
});
