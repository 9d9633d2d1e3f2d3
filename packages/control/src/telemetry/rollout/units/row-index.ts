import { type Column, integers } from './column.ts';
import { mixedWords } from './hash-words.ts';

/** Share of the places in use from which a larger index is made. */
const FULLEST = 0.7;
const SMALLEST = 16;

/**
 * Finds the row of a 64-bit hash: open addressing with linear steps, in 4 bytes a place, begun at the
 * place that all of its bits mixed together name.
 */
export class RowIndex {
  /** Row + 1 by place; 0 where it is free. */
  #places = new Uint32Array(SMALLEST);
  #used = 0;

  /** The row of a hash whose halves these columns have; -1 where there is none. */
  find(high: number, low: number, columns: HashColumns): number {
    const mask = this.#places.length - 1;
    for (let at = mixedWords({ high, low }) & mask; ; at = (at + 1) & mask) {
      const row = (this.#places[at] ?? 0) - 1;
      if (row < 0) return -1;
      if (columns.low.at(row) === low && columns.high.at(row) === high) return row;
    }
  }

  /** Adds a row whose hash the columns have already, and no other row has. */
  add(row: number, columns: HashColumns): void {
    if (this.#used + 1 > this.#places.length * FULLEST) this.#enlarge(columns);
    this.#place(row, columns);
    this.#used += 1;
  }

  #enlarge(columns: HashColumns): void {
    const before = this.#places;
    this.#places = new Uint32Array(before.length * 2);
    for (const place of before) if (place > 0) this.#place(place - 1, columns);
  }

  #place(row: number, columns: HashColumns): void {
    const mask = this.#places.length - 1;
    const words = { high: columns.high.at(row), low: columns.low.at(row) };
    let at = mixedWords(words) & mask;
    while (this.#places[at] !== 0) at = (at + 1) & mask;
    this.#places[at] = row + 1;
  }
}

/** The two halves of each row's hash. */
export interface HashColumns {
  readonly high: Column<Uint32Array>;
  readonly low: Column<Uint32Array>;
}

export function hashColumns(): HashColumns {
  return { high: integers(), low: integers() };
}
