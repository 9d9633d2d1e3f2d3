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
  /** What a later engine may know: the flag serves the code default. Among the warnings, too. */
  readonly unfamiliar: Problem[] = [];
  readonly #work: { values: number };
  #lenient = false;

  constructor(work: { values: number } = { values: 0 }) {
    this.#work = work;
  }

  /** Nothing more needs to be looked at. */
  get full(): boolean {
    return this.problems.length >= MAX_PROBLEMS || this.#work.values > MAX_VALUES;
  }

  add(path: string, message: string): void {
    if (this.#lenient) this.warn(path, message);
    else if (this.problems.length < MAX_PROBLEMS) this.problems.push({ path, message });
  }

  warn(path: string, message: string): void {
    if (this.warnings.length < MAX_PROBLEMS) this.warnings.push({ path, message });
  }

  /** Warns of what this engine does not know. */
  warnUnfamiliar(path: string, message: string): void {
    this.unfamiliar.push({ path, message });
    this.warn(path, `${message}; the flag serves the code default`);
  }

  /** A list for one entry of many: what is wrong is its own, the limit of work is that of all. */
  forEntry(): ProblemList {
    return new ProblemList(this.#work);
  }

  /** What `check` finds wrong is only warned of. */
  leniently(check: () => void): void {
    this.#lenient = true;
    check();
    this.#lenient = false;
  }

  /** Counts one more value; false once there are too many, or enough is known to be wrong. */
  visit(path: string): boolean {
    this.#work.values++;
    if (this.#work.values === MAX_VALUES + 1) {
      this.problems.push({ path, message: `there are more than ${MAX_VALUES} values` });
    }
    return !this.full;
  }
}
