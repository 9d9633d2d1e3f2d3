import { type Column, doubles, integers } from './column.ts';
import { type HashColumns, hashColumns } from './row-index.ts';

/** What a table keeps of its units, by row. */
export class UnitColumns {
  readonly hash: HashColumns = hashColumns();
  readonly firstAtMs: Column<Float64Array> = doubles();
  /** See `unit-record.ts`. */
  readonly marks: Column<Uint32Array> = integers();
  readonly shareBefore: Column<Uint32Array> = integers();
  /** Empty as long as no code but zero was set. */
  readonly slices: Column<Float64Array> = doubles();
  /** Of the rows that have any: until their last horizon has closed. */
  readonly outcomes = new Map<number, number[]>();
  readonly series = new Map<number, number[]>();

  /** A column without a code but zero takes no room. */
  setSlices(row: number, code: number): void {
    if (code !== 0 || this.slices.at(row) !== 0) this.slices.set(row, code);
  }
}
