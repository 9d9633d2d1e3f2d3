import { readdirSync, readFileSync } from 'node:fs';
import { ERROR_CATALOGUE, type ErrorEntry } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { domainError } from '../../src/error/domain-error.ts';

const SOURCES = new URL('../../src/', import.meta.url);
const CATALOGUE: Readonly<Record<string, ErrorEntry>> = ERROR_CATALOGUE;
const CODES = Object.keys(CATALOGUE);

/** All source texts but the catalogue's own. */
const source = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.includes('error/codes/'))
  .map((path) => readFileSync(new URL(path, SOURCES), 'utf8'))
  .join('\n');

describe('the catalogue of errors', () => {
  test('has every code that is used', () => {
    const used = [...source.matchAll(/domainError\(\s*'(\w+)'/g)].map((match) => match[1]);
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((code) => !CODES.includes(code ?? ''))).toEqual([]);
  });

  test('has no code that nothing uses', () => {
    expect(CODES.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
  });

  test.each(CODES)('says of %s what is wrong and what to do', (code) => {
    const { message, remedy, status } = CATALOGUE[code]!;
    expect(message).toMatch(/^[^\s].*[.!:}]$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test('is listed in docs/errors.md, entry by entry', () => {
    const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
    const section = page.slice(page.indexOf('## Of the domain')).split('\n## ')[0] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    const listed = rows.map((row) => {
      const [, code, status, message, remedy] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return { code: code?.replaceAll('`', ''), status: Number(status), message, remedy };
    });
    const expected = Object.entries(CATALOGUE).map(([code, { status, message, remedy }]) => ({
      code,
      status,
      message,
      remedy,
    }));
    expect(listed).toEqual(expected);
  });
});

test('an error is filled in, and says where and what is accepted', () => {
  expect(
    domainError(
      'flag_down',
      { flag: 'x', environment: 'production' },
      { path: '/flag', accepted: 'y' },
    ),
  ).toEqual({
    code: 'flag_down',
    message: 'The flag x is down in production. Bring it up first.',
    path: '/flag',
    accepted: 'y',
  });
});

test('a fact with braces is not filled in again', () => {
  const error = domainError('project_unknown', { project: '{project}' });
  expect(error.message).toContain('no project {project}.');
});
