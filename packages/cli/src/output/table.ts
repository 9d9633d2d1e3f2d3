import { displayWidth, padEnd, padStart, printable } from './text.ts';

interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly value: (row: Row) => string | number | undefined;
  /** Marks the padded cell, for instance with a colour. */
  readonly mark?: (cell: string, row: Row) => string;
}

/** Lines of a table: a line of titles, then one per row, columns as wide as their longest cell. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const cells = rows.map((row) => columns.map(({ value }) => printable(String(value(row) ?? '-'))));
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
  const line = (texts: readonly string[], row?: Row): string =>
    columns
      .map((column, index) => {
        const pad = column.align === 'right' ? padStart : padEnd;
        const last = index === columns.length - 1 && column.align !== 'right';
        const cell = last ? (texts[index] ?? '') : pad(texts[index] ?? '', widths[index] ?? 0);
        return row === undefined ? cell : (column.mark?.(cell, row) ?? cell);
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    ...rows.map((row, index) => line(cells[index] ?? [], row)),
  ];
}
