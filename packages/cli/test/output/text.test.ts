import { describe, expect, it } from 'vitest';
import { displayWidth, padEnd, printable, truncate, wrap } from '../../src/output/text.ts';

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

describe('printable', () => {
  it('takes out what could steer the terminal', () => {
    expect(printable('pod\u001b]0;title\u0007-1\r\nrm')).toBe('pod-1  rm');
    expect(printable('a\u001b[2Jb\u202ec')).toBe('ab c');
  });

  it('leaves letters of every language alone', () => {
    expect(printable('Größe 日本 🚩')).toBe('Größe 日本 🚩');
  });
});

describe('displayWidth', () => {
  it('counts cells, not code units or marks for colour', () => {
    expect(displayWidth(red('flag'))).toBe(4);
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('🚩')).toBe(2);
  });
});

describe('truncate', () => {
  it('leaves what fits', () => {
    expect(truncate(red('flag'), 4)).toBe(red('flag'));
  });

  it('cuts to the width, says so, and still ends the colour', () => {
    const cut = truncate(red('new-checkout'), 5);
    expect(cut).toBe('\u001b[31mnew-…\u001b[39m');
    expect(displayWidth(cut)).toBe(5);
  });

  it('never cuts a wide letter in half', () => {
    expect(displayWidth(truncate('日本語', 4))).toBeLessThanOrEqual(4);
  });

  it('has nothing to show in no cells', () => {
    expect(truncate('flag', 0)).toBe('');
  });
});

describe('wrap', () => {
  it('breaks at spaces', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('keeps a word that is longer than a line', () => {
    expect(wrap('a bcdefgh', 3)).toEqual(['a', 'bcdefgh']);
  });

  it('makes no line of nothing', () => {
    expect(wrap('  ', 10)).toEqual([]);
  });
});

describe('padEnd', () => {
  it('fills by cells', () => {
    expect(padEnd('日', 4)).toBe('日  ');
  });
});
