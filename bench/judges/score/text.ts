import type { Interval } from './wilson.ts';

/** A share in percent with its 95 % interval. */
export function percentOf({ share, lower, upper }: Interval): string {
  const figure = (value: number) => Number((value * 100).toFixed(value < 0.1 ? 1 : 0));
  return `${figure(share)} [${figure(lower)}, ${figure(upper)}]`;
}

export function hoursOf(minutes: number): string {
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function figureOf(value: number): string {
  if (Math.abs(value) < 10) return String(Number(value.toFixed(1)));
  return Math.round(value).toLocaleString('en-US');
}

/** A Markdown table whose columns are aligned. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
