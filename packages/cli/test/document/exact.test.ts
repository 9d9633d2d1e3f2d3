import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonValue, readJson } from '@downhaul/engine';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/document/parse-yaml.ts';
import { yamlText } from '../../src/document/yaml-text.ts';
import { readText } from '../../src/document/read-text.ts';
import { CommandError, type Failure } from '../../src/error.ts';
import { runCli } from '../support/cli.ts';
import { createTestIo } from '../support/test-io.ts';

function read(text: string): readonly JsonValue[] {
  return parseYaml('f.yaml', text).map(({ value }) => value);
}

/** Code and place of each problem. */
function problemsOf(text: string): string[] {
  try {
    parseYaml('f.yaml', text);
    return [];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return all(error.failure).map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);
  }
}

function all(failure: Failure): readonly Failure[] {
  return [failure, ...(failure.more ?? [])];
}

describe('YAML is read exactly, or refused with its place', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'numbers that JSON has none of',
      'a: [.inf, -.INF, .nan]',
      ['text_number_form 1:5', 'text_number_form 1:11', 'text_number_form 1:18'],
    ],
    ['a number that becomes infinite', 'a:\n  b: 1e999', ['text_number 2:6']],
    ['a tenant that would become another', 'a: { equals: 9007199254740993 }', ['text_number 1:14']],
    ['more decimals than a double keeps', 'a: 0.12345678901234567890', ['text_number 1:4']],
    ['octal, or ten', 'a: 010', ['text_number_form 1:4']],
    ['octal and hexadecimal', 'a: [0o17, 0xFF]', ['text_number_form 1:5', 'text_number_form 1:11']],
    [
      'numbers with a sign or a bare point',
      'a: [+1, .5, 5.]',
      ['text_number_form 1:5', 'text_number_form 1:9', 'text_number_form 1:13'],
    ],
    ['a property written twice', 'a: 1\nb: 2\na: 3', ['text_key_twice 3:1']],
    ['one written twice further down', 'x:\n  - a: 1\n    a: 2', ['text_key_twice 3:5']],
    ['one written twice as JSON', '{"x": {"a": 1,\n "a": 2}}', ['text_key_twice 2:2']],
    ['a number and a text of one name', 'a: { 1: x, "1": y }', ['text_key_twice 1:12']],
    ['a boolean and a text of one name', 'a: { true: x, "true": y }', ['text_key_twice 1:15']],
    ['names that look alike', '"\u00e9": 1\n"e\u0301": 2', ['text_key_twice 2:1']],
    [
      'names that are no texts',
      '1.0: a\n~: b\nTrue: c\n? [x]\n: d',
      ['text_key 1:1', 'text_key 2:1', 'text_key 3:1', 'text_key 4:3'],
    ],
    ['__proto__', 'a:\n  __proto__: { b: 1 }', ['text_key 2:3']],
    ['a merge key', 'a: &a { b: 1 }\nc:\n  <<: *a', ['text_merge 3:3']],
    [
      'tags of YAML 1.1',
      'a: !!binary aGk=\nb: !!timestamp 2027-01-01\nc: !!set { x }\nd: !!omap [x: 1]',
      ['text_tag 1:13', 'text_tag 2:16', 'text_tag 3:10', 'text_tag 4:11'],
    ],
    ['unknown tags', 'a: !secret x\nb: !vault [x]', ['text_tag 1:12', 'text_tag 2:11']],
    ['a tag that makes a number of a text', 'a: !!int "3"', ['text_tag 1:10']],
    ['a document that asks for YAML 1.1', '%YAML 1.1\n---\non: 2027-01-01', ['text_version 3:1']],
    ['an alias to itself', 'a: &a [*a]', ['text_alias 1:8']],
    ['an alias to what it stands in', 'a: &a\n  b: { c: *a }', ['text_alias 2:11']],
    ['an alias of nothing', 'a: *b', ['text_alias 1:4']],
    ['a byte order mark before a second document', 'a: 1\n---\n\ufeffb: 2', ['text_character 3:1']],
    ['NUL', 'a: x\u0000y', ['text_character 1:5']],
    [
      'escaped control characters',
      'a: "\\0"\nb: "\\e[31m"\n"\\x07": c',
      ['text_character 1:4', 'text_character 2:4', 'text_character 3:1'],
    ],
    ['half of a surrogate pair', 'a: "\\ud800"', ['text_character 1:4']],
    ['the second document, too', 'a: 1\n---\nb: .nan', ['text_number_form 3:4']],
  ])('refuses %s', (_what, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it.each<[string, string, JsonValue]>([
    [
      'words of YAML 1.1 as texts',
      'on: yes\noff: no\ny: 2027-03-01',
      { on: 'yes', off: 'no', y: '2027-03-01' },
    ],
    ['what looks like base sixty as a text', 'a: [12:30:45, 1_000]', { a: ['12:30:45', '1_000'] }],
    ['numbers as JSON writes them', 'a: [1, -2.5, 1e3, 0.1, 1.0]', { a: [1, -2.5, 1000, 0.1, 1] }],
    ['names that JSON would write so', '{ 1: a, true: b }', { 1: 'a', true: 'b' }],
    ['pairs of surrogates', 'a: "\\ud83d\\ude00"', { a: '😀' }],
    [
      'an anchor written anew',
      'a: &x { b: &y 1 }\nc: &y 2\nd: *x\ne: *y',
      { a: { b: 1 }, c: 2, d: { b: 1 }, e: 2 },
    ],
    ['a byte order mark at the beginning', '\ufeffa: 1', { a: 1 }],
    ['a quoted merge sign', '"<<": 1', { '<<': 1 }],
  ])('reads %s', (_what, text, value) => {
    expect(read(text)).toEqual([value]);
  });

  it('passes over empty documents and ends of documents', () => {
    expect(read('---\n# nothing\n---\na: 1\n...\n---\n...\n---\nb: 2\n---\n')).toEqual([
      { a: 1 },
      { b: 2 },
    ]);
  });

  it('refuses a billion laughs, and nesting without end, at once', () => {
    const rows = Array.from(
      { length: 9 },
      (_, row) =>
        `a${row + 1}: &a${row + 1} [${Array.from({ length: 9 }, () => `*a${row}`).join(', ')}]`,
    );
    expect(problemsOf(`a0: &a0 [1]\n${rows.join('\n')}`)[0]).toMatch(/^text_too_large/);
    expect(problemsOf(`a: ${'['.repeat(100_000)}`)[0]).toMatch(/^text_too_deep/);
    expect(problemsOf(`a: ${'['.repeat(101)}${']'.repeat(101)}`)).toEqual(['text_too_deep 1:103']);
    expect(
      problemsOf(Array.from({ length: 300 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'))[0],
    ).toMatch(/^text_too_deep/);
  });

  it('reads JSON as the reader of JSON does', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'grapheme' }),
        fc.constantFrom(undefined, 1),
        (value, indent) => {
          const text = JSON.stringify({ value }, undefined, indent);
          const reading = readJson(text);
          if (reading.ok) expect(read(text)).toEqual([reading.value]);
          else
            expect(problemsOf(text).map((line) => line.split(' ')[0])).toEqual(
              reading.problems.map(({ code }) => code),
            );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads back what `get` writes, whatever the texts look like', () => {
    const looks = [
      'on',
      'yes',
      '~',
      'null',
      '010',
      '0x1f',
      '.inf',
      '1e999',
      '1:30',
      '2027-03-01',
      '<<',
      '=',
      '*a',
      '&a x',
      '!t',
      '- x',
      'a: b',
      '# x',
      ' x ',
      'a\n b\n',
      '',
      "'",
      '"',
      '%Y',
      '---',
      '9007199254740993',
    ];
    const text = fc.oneof(fc.constantFrom(...looks), fc.string({ unit: 'grapheme' }));
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.boolean(),
        fc.constant(null),
        fc.integer(),
        fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((number) => number + 0),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          text.filter((key) => key !== '__proto__' && key === key.normalize('NFC')),
          tie('value'),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (inner) => {
        const document = { inner };
        fc.pre(readJson(JSON.stringify(document)).ok);
        expect(read(yamlText(document))).toEqual([document]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the bytes of a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'downhaul-exact-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each<[string, readonly number[], number, number]>([
    ['Latin-1', [...Buffer.from('flag: a\nowner: Ren'), 0xe9, 0x0a], 2, 11],
    ['UTF-16 as some editors save it', [0xff, 0xfe, 0x66, 0x00], 1, 1],
    ['a character cut in half', [...Buffer.from('flag: a # '), 0xf0, 0x9f], 1, 11],
  ])('are refused as %s, with the place', async (name, bytes, line, column) => {
    writeFileSync(join(directory, name), Uint8Array.from(bytes));
    await expect(readText(createTestIo({ directory }), name)).rejects.toMatchObject({
      failure: { code: 'text_encoding', exitCode: 2, place: { line, column } },
    });
  });

  it('are refused where there are too many', async () => {
    writeFileSync(join(directory, 'big'), Buffer.alloc((4 << 20) + 1, 0x20));
    await expect(readText(createTestIo({ directory }), 'big')).rejects.toMatchObject({
      failure: { code: 'cli_file_unreadable' },
    });
  });
});

describe('options that hold a value', () => {
  const given = (...args: string[]) => runCli({ directory: '/nowhere' }, [...args, '--json']);
  const placed = (stderr: string): unknown =>
    (JSON.parse(stderr) as { readonly error: unknown }).error;

  it.each([
    ['{"tenant": 9007199254740993}', 'text_number', 12],
    ['{"a": 1, "a": 2}', 'text_key_twice', 10],
    ['{"a": "\\u0000"}', 'text_character', 7],
    ['{"a": .5}', 'cli_option', 7],
  ])('a context of %s is refused with its place', async (context, code, column) => {
    const { code: exitCode, stderr } = await given('explain', 'f', '--context', context);
    expect(exitCode).toBe(2);
    expect(placed(stderr)).toMatchObject({ code, file: '--context', line: 1, column });
  });

  it.each([
    ['an override', ['flag', 'override', 'f', '--set', 'u=on', '--set', 'u=off']],
    ['an override and its end', ['flag', 'override', 'f', '--set', 'u=on', '--clear', 'u']],
    ['a rate', ['rehearse', 'f', '--rate', 'm=1%', '--rate', 'm=2%']],
    ['the rate of errors', ['rehearse', 'f', '--error-rate', '1%', '--rate', 'http.error_rate=2%']],
  ])('%s said twice is refused', async (_what, args) => {
    const { code, stderr } = await given(...args);
    expect(code).toBe(2);
    expect(placed(stderr)).toMatchObject({ code: 'cli_option' });
  });
});
