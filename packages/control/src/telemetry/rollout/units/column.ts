/** Constructors of the typed arrays that a column can be made of. */
type Numbers = Uint32Array | Float64Array;

/** Numbers by row, in one typed array that grows by half. Values beyond the rows in use are zero. */
export class Column<Values extends Numbers> {
  #values: Values;
  readonly #create: (length: number) => Values;

  constructor(create: (length: number) => Values) {
    this.#create = create;
    this.#values = create(16);
  }

  at(row: number): number {
    return this.#values[row] ?? 0;
  }

  set(row: number, value: number): void {
    if (row >= this.#values.length) {
      const larger = this.#create(Math.max(row + 1, Math.ceil(this.#values.length * 1.5)));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[row] = value;
  }
}

export function integers(): Column<Uint32Array> {
  return new Column((length) => new Uint32Array(length));
}

export function doubles(): Column<Float64Array> {
  return new Column((length) => new Float64Array(length));
}
