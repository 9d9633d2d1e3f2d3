/** A host with more flags than this does not say which: every flag may be one of its. */
const MAX_FLAGS = 2_000;
/** So often everything is said again: a server that was restored has lost what it was told. */
const REPEAT_EVERY = 60;

/**
 * The flags that the host evaluates, each told once: whoever evaluates a flag must be heard of before it is
 * called healthy or down, and nobody else has to be.
 */
export class EvaluatedFlags {
  readonly #known = new Set<string>();
  #untold: string[] = [];
  #isBeyond = false;
  #drains = 0;

  note(flag: string): void {
    if (this.#known.has(flag)) return;
    if (this.#known.size >= MAX_FLAGS) {
      this.#isBeyond = true;
      return;
    }
    this.#known.add(flag);
    this.#untold.push(flag);
  }

  /** What a report says; undefined where it cannot say all of it. */
  drain(): readonly string[] | undefined {
    if (this.#isBeyond) return undefined;
    this.#drains += 1;
    const told = this.#drains % REPEAT_EVERY === 0 ? [...this.#known] : this.#untold;
    this.#untold = [];
    return told;
  }

  /** The report that said so did not arrive: the next one says it. */
  restate(flags: readonly string[]): void {
    this.#untold.push(...flags);
  }
}
