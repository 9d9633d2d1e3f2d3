import { integers } from './column.ts';

/** Rows of a table in the order in which they were added, in 4 bytes each. */
export class RowList {
  readonly #rows = integers();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(row: number): void {
    this.#rows.set(this.#length, row);
    this.#length += 1;
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let at = 0; at < this.#length; at++) yield this.#rows.at(at);
  }
}
