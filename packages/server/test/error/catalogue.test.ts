import { readFileSync } from 'node:fs';
import { ERROR_CATALOGUE } from '@downhaul/control';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, SERVER_CATALOGUE } from '../../src/error/catalogue.ts';
import { refusal } from '../../src/error/refusal.ts';

const document = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

/** Cells of each row of a code, as the table has them. */
const rows = new Map(
  document
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return [cells[1]!.replaceAll('`', ''), cells.slice(2)] as const;
    }),
);

describe('error catalogue', () => {
  it('has no code of the domain under another meaning', () => {
    const shared = Object.keys(SERVER_CATALOGUE).filter((code) => code in ERROR_CATALOGUE);
    expect(shared).toEqual([]);
  });

  it.each(Object.entries(CATALOGUE))('%s stands in docs/errors.md as it is', (code, entry) => {
    const [status, message, remedy] = rows.get(code) ?? [];
    expect(status).toBe(String(entry.status));
    expect(message).toBe(entry.message);
    expect(remedy).toBe(entry.remedy);
  });

  it('lists no code that is gone', () => {
    expect([...rows.keys()].filter((code) => !(code in CATALOGUE))).toEqual([]);
  });

  it('fills the facts of a case into the text', () => {
    const { problem } = refusal('version_unknown', { version: 7, environment: 'production' });
    expect(problem.message).toContain('no version 7 of production');
    expect(problem.message).not.toContain('{');
  });
});
