import { describe, expect, it } from 'vitest';
import { EvaluatedFlags } from '../../src/telemetry/evaluated-flags.ts';

describe('the flags that a host evaluates', () => {
  it('are told once, again after a report that was refused, and all of them from time to time', () => {
    const flags = new EvaluatedFlags();
    for (const flag of ['a', 'b', 'a']) flags.note(flag);
    expect(flags.drain()).toEqual(['a', 'b']);
    expect(flags.drain()).toEqual([]);
    flags.restate(['a', 'b']);
    flags.note('c');
    expect(flags.drain()).toEqual(['a', 'b', 'c']);
    const later = Array.from({ length: 60 }, () => flags.drain());
    expect(later.filter((told) => told?.length === 3)).toHaveLength(1);
  });

  it('are not told where there are too many to say all of them', () => {
    const flags = new EvaluatedFlags();
    for (let index = 0; index < 2_000; index++) flags.note(`flag-${index}`);
    expect(flags.drain()).toHaveLength(2_000);
    flags.note('one-more');
    expect(flags.drain()).toBeUndefined();
  });
});
