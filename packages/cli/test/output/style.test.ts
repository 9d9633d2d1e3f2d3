import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/io/types.ts';
import { styleFor } from '../../src/output/style.ts';
import { createTestOutput } from '../support/test-io.ts';

describe('styleFor', () => {
  it.each<[string, boolean, Io['env'], boolean]>([
    ['on a terminal', true, {}, true],
    ['not into a pipe', false, {}, false],
    ['not where NO_COLOR is set', true, { NO_COLOR: '1' }, false],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['into a pipe where FORCE_COLOR is set', false, { FORCE_COLOR: '1' }, true],
    ['not where FORCE_COLOR is 0', true, { FORCE_COLOR: '0' }, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('colours %s', (_what, isTerminal, env, colours) => {
    const style = styleFor(createTestOutput(isTerminal), env);
    expect(style.bad('x') !== 'x').toBe(colours);
    expect(style.good('')).toBe('');
  });
});
