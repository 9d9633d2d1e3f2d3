import { describe, expect, it } from 'vitest';
import { openScreen } from '../../src/watch/screen.ts';
import { createTestOutput } from '../support/test-io.ts';

describe('openScreen', () => {
  it('overwrites line by line and never goes blank in between', () => {
    const output = createTestOutput(true);
    const screen = openScreen(output);
    const before = output.text().length;
    screen.draw(['one', 'two']);
    const frame = output.text().slice(before);
    expect(frame).toContain('one\u001b[K\r\ntwo\u001b[K');
    expect(frame).not.toContain('\u001b[2J');
    expect(frame.indexOf('\u001b[J')).toBeGreaterThan(frame.indexOf('two'));
    screen.close();
  });

  it('gives the terminal back once, and draws nothing afterwards', () => {
    const output = createTestOutput(true);
    const screen = openScreen(output);
    screen.close();
    const after = output.text();
    screen.close();
    screen.draw(['late']);
    expect(output.text()).toBe(after);
    expect(after).toMatch(/\?25h.*\?1049l$/);
  });
});
