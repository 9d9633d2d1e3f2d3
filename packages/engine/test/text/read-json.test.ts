import { readJson, type TextProblem, utf8Problem } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function problemsOf(text: string): readonly TextProblem[] {
  const reading = readJson(text);
  return reading.ok ? [] : reading.problems;
}

/** The exact value of a decimal as digits and a power of ten, found apart from the code under test. */
function exact(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  let digits = BigInt(whole + fraction);
  let exponent = Number(power) - fraction.length;
  if (digits === 0n) return '0';
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent++;
  }
  return `${sign}${digits}e${exponent}`;
}

const printable = fc.string({ unit: 'grapheme' });
const json = fc.jsonValue({ stringUnit: 'grapheme' });

describe('readJson', () => {
  it('gives what JSON.parse gives, wherever that loses nothing', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const reading = readJson(text);
        if (reading.ok) expect(reading.value).toEqual(JSON.parse(text));
        // The arbitrary also makes large numbers, `__proto__` and keys that look alike.
        else
          for (const { code } of reading.problems)
            expect(code).toMatch(/^text_(number|key|key_twice|character)$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes what every double of up to 2^53 is written as', () => {
    fc.assert(
      fc.property(fc.double({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1, noNaN: true }), (value) => {
        expect(readJson(String(value))).toEqual({ ok: true, value: value + 0 });
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the exact value of every number that it takes', () => {
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789'),
      minLength: 1,
      maxLength: 25,
    });
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        digits,
        fc.option(digits),
        fc.option(fc.integer({ min: -30, max: 30 })),
      )
      .map(([sign, whole, fraction, power]) => {
        const start = `${sign}${whole.replace(/^0+(?=\d)/, '')}`;
        return `${start}${fraction === null ? '' : `.${fraction}`}${power === null ? '' : `e${power}`}`;
      });
    let taken = 0;
    fc.assert(
      fc.property(number, (text) => {
        const reading = readJson(text);
        if (!reading.ok) return;
        taken++;
        expect(exact(JSON.stringify(reading.value))).toBe(exact(text));
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  it.each([
    '0',
    '-1',
    '0.1',
    '1.0',
    '1.50',
    '1e3',
    '1E+3',
    '12e-1',
    '9007199254740991',
    '5e-324',
    '-0',
  ])('takes the number %s', (text) => {
    expect(readJson(text)).toEqual({ ok: true, value: Number(text) + 0 });
  });

  it.each([
    ['9007199254740992', 'its neighbour would be the same number'],
    ['9007199254740993', 'it would become 9007199254740992'],
    ['-9007199254740993', 'it would become another'],
    ['1e16', 'its neighbours would be the same number'],
    ['12345678901234567890', 'it would become another'],
    ['3.141592653589793238', 'it would become 3.141592653589793'],
    ['0.1000000000000000055', 'it would become 0.1'],
    ['1e400', 'it would become infinite'],
    ['1e-400', 'it would become 0'],
  ])('refuses the number %s: %s', (text) => {
    expect(problemsOf(`{"a":[${text}]}`)).toMatchObject([
      { code: 'text_number', path: '/a/0', offset: 6 },
    ]);
  });

  it.each<[string, string, string, string, number]>([
    ['a property written twice', '{"a":{"b":1,"b":1}}', 'text_key_twice', '/a/b', 12],
    ['two that look alike', '{"\u00e9":1,"e\u0301":2}', 'text_key_twice', '/e\u0301', 7],
    ['one written with an escape', '{"b":1,"\\u0062":2}', 'text_key_twice', '/b', 7],
    ['__proto__', '{"a":{"__proto__":{}}}', 'text_key', '/a/__proto__', 6],
    ['NUL', '{"a":"x\u0000"}', 'text_character', '', 7],
    ['an escaped NUL', '{"a":"x\\u0000"}', 'text_character', '/a', 5],
    ['half a surrogate pair', '["\\ud800"]', 'text_character', '/0', 1],
    ['the halves in the wrong order', '["\\udc00\\ud800"]', 'text_character', '/0', 1],
    ['an escape character of terminals', '["\\u001b[31m"]', 'text_character', '/0', 1],
    ['a byte order mark inside', '["a\ufeff"]', 'text_character', '', 3],
    ['a leading zero', '[010]', 'text_number_form', '/0', 1],
    ['a comma too many', '[1,]', 'text_syntax', '/1', 3],
    ['a comma missing', '[1 2]', 'text_syntax', '', 3],
    ['a property without quotes', '{a:1}', 'text_syntax', '', 1],
    ['an unknown escape', '"a\\x"', 'text_syntax', '', 2],
    ['a line end in a text', '"a\nb"', 'text_syntax', '', 2],
    ['an end too early', '{"a":[1,', 'text_syntax', '/a/1', 8],
    ['a text without an end', '["a', 'text_syntax', '/0', 3],
    ['something behind the value', '{} x', 'text_syntax', '', 3],
    ['NaN', 'NaN', 'text_syntax', '', 0],
    ['nothing', '', 'text_syntax', '', 0],
  ])('refuses %s, with its place', (_what, text, code, path, offset) => {
    expect(problemsOf(text)[0]).toMatchObject({ code, path, offset });
  });

  it('refuses endless nesting without a stack overflow', () => {
    const levels = 200_000;
    expect(problemsOf('['.repeat(levels) + ']'.repeat(levels))[0]?.code).toBe('text_too_deep');
    expect(problemsOf('{"a":'.repeat(levels))[0]?.code).toBe('text_too_deep');
    expect(readJson('['.repeat(100) + ']'.repeat(100)).ok).toBe(true);
  });

  it('names all problems, not only the first', () => {
    const codes = problemsOf('{"a":1e999,"a":2,"b":"\\u0000"}').map(({ code }) => code);
    expect(codes).toEqual(['text_number', 'text_key_twice', 'text_character']);
  });

  it('passes over a byte order mark at the beginning', () => {
    expect(readJson('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  });
});

describe('utf8Problem', () => {
  it('finds nothing in what an encoder made', () => {
    fc.assert(
      fc.property(printable, (text) => {
        expect(utf8Problem(new TextEncoder().encode(text))).toBeUndefined();
      }),
    );
  });

  it('agrees with the decoder of the platform on any bytes, and on the place', () => {
    const bytes = fc.uint8Array({ maxLength: 12 });
    const encoded = printable.map((text) => new TextEncoder().encode(text));
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, encoded), { maxLength: 3 }), (parts) => {
        const all = Uint8Array.from(parts.flatMap((part) => [...part]));
        const problem = utf8Problem(all);
        const strict = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(all);
        if (problem === undefined) expect(strict).not.toThrow();
        else {
          expect(strict).toThrow();
          const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(all);
          expect(lenient[problem.offset]).toBe('\ufffd');
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9], 3],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 0],
    ['a surrogate', [0x61, 0xed, 0xa0, 0x80], 1],
    ['a longer form than needed', [0xc0, 0xaf], 0],
    ['a cut character', [0x61, 0xf0, 0x9f, 0x98], 1],
  ])('refuses %s', (_what, bytes, offset) => {
    expect(utf8Problem(Uint8Array.from(bytes))).toMatchObject({ code: 'text_encoding', offset });
  });
});
