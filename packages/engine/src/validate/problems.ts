/** Something in a document that is not as it should be. */
export interface Problem {
  /** Where, as `flags.new-checkout.rules[0].if`. */
  readonly path: string;
  readonly message: string;
}

const MAX_PROBLEMS = 100;
const MAX_VALUES = 5_000_000;

/** Collects what is wrong, up to a limit of problems and of work. */
export class ProblemList {
  readonly problems: Problem[] = [];
  /** What the engine copes with, but nobody can have meant. */
  readonly warnings: Problem[] = [];
  #values = 0;
  #lenient = false;

  /** Nothing more needs to be looked at. */
  get full(): boolean {
    return this.problems.length >= MAX_PROBLEMS || this.#values > MAX_VALUES;
  }

  add(path: string, message: string): void {
    if (this.#lenient) this.warn(path, message);
    else if (this.problems.length < MAX_PROBLEMS) this.problems.push({ path, message });
  }

  warn(path: string, message: string): void {
    if (this.warnings.length < MAX_PROBLEMS) this.warnings.push({ path, message });
  }

  /** What `check` finds wrong is only warned of. */
  leniently(check: () => void): void {
    this.#lenient = true;
    check();
    this.#lenient = false;
  }

  /** Counts one more value; false once there are too many, or enough is known to be wrong. */
  visit(path: string): boolean {
    this.#values++;
    if (this.#values === MAX_VALUES + 1) {
      this.problems.push({ path, message: `there are more than ${MAX_VALUES} values` });
    }
    return !this.full;
  }
}
