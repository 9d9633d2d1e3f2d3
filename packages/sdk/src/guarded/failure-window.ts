/** So many failures in a row are no coincidence, however rare the calls are. */
const IN_A_ROW = 5;
const WINDOW_MS = 30_000;
const LEAST_CALLS = 20;
const WORST_RATE = 0.5;

/** Counts calls and failures of one treatment: those in a row, and those of the present window. */
export class FailureWindow {
  #inARow = 0;
  #startedAtMs = Number.NEGATIVE_INFINITY;
  #calls = 0;
  #failures = 0;

  add(failed: boolean, monotonicMs: number): void {
    if (monotonicMs - this.#startedAtMs > WINDOW_MS) {
      this.#startedAtMs = monotonicMs;
      this.#calls = 0;
      this.#failures = 0;
    }
    this.#calls += 1;
    this.#inARow = failed ? this.#inARow + 1 : 0;
    if (failed) this.#failures += 1;
  }

  get isTooBad(): boolean {
    if (this.#inARow >= IN_A_ROW) return true;
    return this.#calls >= LEAST_CALLS && this.#failures / this.#calls >= WORST_RATE;
  }
}
