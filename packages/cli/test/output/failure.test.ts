import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/error.ts';
import { EXIT } from '../../src/exit-code.ts';
import { failureJson, failureLines } from '../../src/output/failure.ts';
import { createStyle } from '../../src/output/style.ts';

const failure: Failure = {
  exitCode: EXIT.refused,
  code: 'flag_variant_unknown',
  message: 'The flag checkout has no variant `never`.',
  path: '/safe',
  accepted: 'on, off',
  place: { file: 'flags.yaml', line: 12, column: 8, text: '\tsafe: never' },
  hints: ['look again'],
};
const lines = (changes: Partial<Failure> = {}): string[] =>
  failureLines({ ...failure, ...changes }, createStyle(false));

describe('failureLines', () => {
  it('says what is wrong, where, what would be accepted and what to do', () => {
    expect(lines()).toEqual([
      'error: The flag checkout has no variant `never`. (flag_variant_unknown)',
      '  --> flags.yaml:12:8',
      '12 |  safe: never',
      '   |        ^',
      '  accepted: on, off',
      '  look again',
    ]);
  });

  it('leaves out a detail that is an empty list', () => {
    const shown = lines({ details: { evaluatedBy: ['shop/one'], effects: [] } }).join('\n');
    expect(shown).toContain('evaluatedBy');
    expect(shown).not.toContain('effects');
  });

  it('tells in words what a change would do at once', () => {
    const effect = { environment: 'production', flag: 'cart', does: 'raises', units: 'part' };
    expect(lines({ details: { effects: [{ ...effect, place: '/serve' }] } })).toContain(
      '  - raises cart for a part of everyone in production',
    );
  });

  it('lists further problems each in full', () => {
    const more = [{ ...failure, code: 'second', hints: [] }];
    expect(lines({ more }).join('\n')).toMatch(/look again\nerror: .* \(second\)\n {2}--> flags/);
  });

  it('shows details of every form', () => {
    expect(lines({ details: ['a', { b: 1 }] })).toContain('  - {"b":1}');
    expect(lines({ details: { changed: 'by anna' } })).toContain('  changed: by anna');
    expect(lines({ details: 7 })).toContain('  7');
  });

  it('points into what was sent only where that helps', () => {
    const bare = { place: undefined };
    expect(lines({ ...bare, code: 'body_invalid' })).toContain('  at /safe');
    expect(lines(bare).join()).not.toContain('/safe');
  });

  it('lets no text from the server steer the terminal', () => {
    expect(lines({ message: 'x\u001b[2Jy\nz', hints: ['a\u0007b'] }).join('\n')).not.toMatch(
      /[\u001b\u0007]/,
    );
  });
});

describe('failureJson', () => {
  it('is one JSON document with the place flat in it', () => {
    expect(JSON.parse(failureJson(failure))).toEqual({
      error: {
        exitCode: 1,
        code: 'flag_variant_unknown',
        message: 'The flag checkout has no variant `never`.',
        path: '/safe',
        accepted: 'on, off',
        file: 'flags.yaml',
        line: 12,
        column: 8,
        hints: ['look again'],
      },
    });
  });
});
