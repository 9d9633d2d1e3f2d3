import { fromBase64, toBase64 } from './base64.ts';
import type { Column } from './column.ts';

/**
 * A column as text: one number where all rows have the same, else 32 bits a row above the smallest, else
 * what the column has.
 */
export type PackedColumn =
  { readonly from: number; readonly words?: string } | { readonly doubles: string };

const WORDS = 2 ** 32;

/** Writes the first rows of a column down; zeros for rows that it never had. */
export function packColumn(
  column: Column<Uint32Array> | Column<Float64Array>,
  rows: number,
): PackedColumn {
  const { least, most, isWhole } = rangeOf(column, rows);
  if (least === most) return { from: least };
  if (isWhole && most - least < WORDS) {
    const words = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) words[row] = column.at(row) - least;
    return { from: least, words: toBase64(new Uint8Array(words.buffer)) };
  }
  const doubles = new Float64Array(rows);
  for (let row = 0; row < rows; row++) doubles[row] = column.at(row);
  return { doubles: toBase64(new Uint8Array(doubles.buffer)) };
}

/** Takes rows over that were written down. */
export function unpackColumn(
  packed: PackedColumn,
  column: Column<Uint32Array> | Column<Float64Array>,
  rows: number,
): void {
  if ('doubles' in packed) {
    const doubles = new Float64Array(fromBase64(packed.doubles).buffer);
    for (let row = rows - 1; row >= 0; row--) column.set(row, doubles[row] ?? 0);
    return;
  }
  const { from, words } = packed;
  const above = words === undefined ? undefined : new Uint32Array(fromBase64(words).buffer);
  if (above === undefined && from === 0) return;
  // The last row first: the column grows once.
  for (let row = rows - 1; row >= 0; row--) column.set(row, from + (above?.[row] ?? 0));
}

function rangeOf(column: Column<Uint32Array> | Column<Float64Array>, rows: number) {
  if (rows === 0) return { least: 0, most: 0, isWhole: true };
  let least = Infinity;
  let most = -Infinity;
  let isWhole = true;
  for (let row = 0; row < rows; row++) {
    const value = column.at(row);
    if (value < least) least = value;
    if (value > most) most = value;
    isWhole &&= Number.isSafeInteger(value);
  }
  return { least, most, isWhole };
}
