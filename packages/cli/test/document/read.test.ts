import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/document/place.ts';
import { parseDocuments, readDocuments } from '../../src/document/read.ts';
import { CommandError } from '../../src/error.ts';
import type { Failure } from '../../src/error.ts';
import { createTestIo } from '../support/test-io.ts';

const flag = `# the flag
flag: new-checkout
variants: { on: true, off: false }
environments:
  production:
    serve: off
    rules:
      - name: staff
        serve: on
`;

function failureOf(text: string): Failure {
  try {
    parseDocuments('f.yaml', text);
  } catch (error) {
    if (error instanceof CommandError) return error.failure;
    throw error;
  }
  throw new Error('the documents were read');
}

describe('parseDocuments', () => {
  it('reads YAML 1.2: on and off are words', () => {
    const [document] = parseDocuments('f.yaml', flag);
    expect(document).toMatchObject({
      kind: 'flag',
      key: 'new-checkout',
      value: { environments: { production: { serve: 'off' } }, variants: { on: true, off: false } },
    });
  });

  it('reads JSON', () => {
    const [document] = parseDocuments('f.json', '{\n\t"plan": "canary",\n\t"stages": []\n}\n');
    expect(document).toMatchObject({ kind: 'plan', key: 'canary', value: { stages: [] } });
  });

  it('reads several documents and leaves empty ones out', () => {
    const documents = parseDocuments('f.yaml', `---\nplan: a\n---\n# nothing\n---\nsegment: b\n`);
    expect(documents.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['plan a', 'segment b']);
  });

  it('says where the syntax ends', () => {
    const failure = failureOf('flag: a\nvariants: { on: true\nserve: [\n');
    expect(failure.code).toBe('cli_document_syntax');
    expect(failure.place?.line).toBeGreaterThanOrEqual(2);
  });

  it('refuses a key written twice', () => {
    expect(failureOf('flag: a\ntype: boolean\ntype: string\n').place).toMatchObject({ line: 3 });
  });

  it.each([
    ['owner: me\n', 'cli_document_kind', 1],
    ['plan: a\nflag: b\n', 'cli_document_kind', 1],
    ['- flag: b\n', 'cli_document_kind', 1],
    ['owner: me\nflag: 7\n', 'cli_document_key', 2],
    ['owner: me\nflag:\n', 'cli_document_key', 2],
  ])('refuses %j with a place', (text, code, line) => {
    expect(failureOf(text)).toMatchObject({ code, exitCode: 2, place: { line } });
  });

  it('refuses aliases that multiply without end', () => {
    const rows = Array.from({ length: 9 }, (_, row) => {
      const aliases = Array.from({ length: 9 }, () => `*a${row}`).join(', ');
      return `a${row + 1}: &a${row + 1} [${aliases}]`;
    });
    expect(failureOf(`flag: x\na0: &a0 [1]\n${rows.join('\n')}\n`).code).toBe('text_too_large');
  });
});

describe('placeOf', () => {
  const [document] = parseDocuments('f.yaml', flag);
  if (!document) throw new Error('no document');
  const at = (pointer: string): [number, number] => {
    const { line, column } = placeOf(document.source, pointer);
    return [line, column];
  };

  it.each<[string, number, number]>([
    ['', 2, 1],
    ['/flag', 2, 7],
    ['/variants/off', 3, 28],
    ['/environments/production/rules/0/serve', 9, 16],
    ['/environments/production/rollout/plan', 6, 5],
    ['/environments/staging', 5, 3],
    ['/environments/production/rules/7', 8, 7],
  ])('%s', (pointer, line, column) => {
    expect(at(pointer)).toEqual([line, column]);
  });

  it('knows escaped steps, aliases and lines that end in CR LF', () => {
    const text = 'flag: a\r\nshared: &s\r\n  x: 1\r\n"a/b~c": *s\r\n';
    const [other] = parseDocuments('f.yaml', text);
    if (!other) throw new Error('no document');
    expect(placeOf(other.source, '/a~1b~0c')).toMatchObject({ line: 4, text: '"a/b~c": *s' });
    expect(placeOf(other.source, '/a~1b~0c/x')).toMatchObject({ line: 3, column: 6 });
  });
});

describe('readDocuments', () => {
  it('puts what is named before what names it', async () => {
    const io = createTestIo({ stdin: 'flag: f\n---\nplan: p\n---\nsegment: s\n' });
    const documents = await readDocuments(io, ['-']);
    expect(documents.map(({ kind }) => kind)).toEqual(['segment', 'plan', 'flag']);
  });

  it.each([
    ['flag: f\n---\nowner: x\n---\nflag: f\n', 'cli_document_kind'],
    ['flag: f\n---\nflag: f\n', 'cli_document_twice'],
    ['# nothing\n', 'cli_no_document'],
  ])('refuses %j', async (stdin, code) => {
    await expect(readDocuments(createTestIo({ stdin }), ['-'])).rejects.toMatchObject({
      failure: { code, exitCode: 2 },
    });
  });

  it('names a file that is not there', async () => {
    await expect(readDocuments(createTestIo(), ['missing.yaml'])).rejects.toMatchObject({
      failure: { code: 'cli_file_unreadable', exitCode: 2 },
    });
  });
});
