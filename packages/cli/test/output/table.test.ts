import { describe, expect, it } from 'vitest';
import { table } from '../../src/output/table.ts';

interface Row {
  readonly name: string;
  readonly count?: number;
}

const rows: readonly Row[] = [{ name: 'new-checkout', count: 12 }, { name: 'x' }];

describe('table', () => {
  it('aligns columns to their longest cell', () => {
    const lines = table(rows, [
      { title: 'flag', value: ({ name }) => name },
      { title: 'count', align: 'right', value: ({ count }) => count },
    ]);
    expect(lines).toEqual(['flag          count', 'new-checkout     12', 'x                 -']);
  });

  it('leaves no spaces at the end of a line', () => {
    const lines = table(rows, [
      { title: 'count', value: ({ count }) => count },
      { title: 'flag', value: ({ name }) => name },
    ]);
    expect(lines.map((line) => line.trimEnd())).toEqual(lines);
  });

  it('marks whole cells of rows, never the titles', () => {
    const lines = table(rows, [
      { title: 'flag', value: ({ name }) => name, mark: (cell) => `<${cell}>` },
    ]);
    expect(lines).toEqual(['flag', '<new-checkout>', '<x>']);
  });

  it('lets no cell steer the terminal', () => {
    const [, line] = table(
      [{ name: 'a\u001b[2J\nb' }],
      [{ title: 'n', value: ({ name }) => name }],
    );
    expect(line).toBe('a b');
  });
});
