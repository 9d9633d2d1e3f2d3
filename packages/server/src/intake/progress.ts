interface Waiter {
  readonly through: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How far a numbered queue has been worked off, and who waits for it. */
export class Progress {
  #settled = 0;
  #waiters: Waiter[] = [];

  /** Everything up to this number is done with. */
  get settled(): number {
    return this.#settled;
  }

  /** Resolves when everything up to a number is done with; rejects with the next failure before that. */
  through(number: number): Promise<void> {
    if (number <= this.#settled) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ through: number, resolve, reject });
    });
  }

  settle(number: number): void {
    this.#settled = Math.max(this.#settled, number);
    const done = this.#waiters.filter(({ through }) => through <= this.#settled);
    this.#waiters = this.#waiters.filter(({ through }) => through > this.#settled);
    for (const { resolve } of done) resolve();
  }

  fail(error: unknown): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }
}
