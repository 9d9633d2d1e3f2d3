/** Longer units are remembered by their hash, so that no caller's key decides how much memory is held. */
export const LONGEST_REMEMBERED = 64;

/**
 * The units already reported for one stage of one rollout, in two generations: when the newer is full
 * the older is forgotten. A forgotten unit is reported once more, which the server counts once.
 */
export class SeenUnits {
  #limit: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(unit: string): boolean {
    if (this.#newer.has(unit)) return true;
    if (!this.#older.has(unit)) return false;
    this.add(unit);
    return true;
  }

  add(unit: string): void {
    if (this.#newer.size >= this.#limit) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(unit);
  }

  /** Changes the limit when the number of rollouts that share the memory changes. */
  resize(limit: number): void {
    this.#limit = limit;
  }
}
