/** What must turn out true for the demo to succeed. */
interface Fact {
  readonly text: string;
  readonly holds: boolean;
  /** What was seen, where it helps. */
  readonly seen?: string;
}

export class Facts {
  readonly #facts: Fact[] = [];

  add(text: string, holds: boolean, seen?: string): void {
    this.#facts.push({ text, holds, ...(seen === undefined ? {} : { seen }) });
  }

  get all(): readonly Fact[] {
    return this.#facts;
  }

  get everyOneHolds(): boolean {
    return this.#facts.every((fact) => fact.holds);
  }
}

/** Waits until `look` finds what it looks for. The limit only keeps a broken run from hanging. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
  limitMs = 600_000,
): Promise<Found> {
  const giveUpAtMs = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAtMs) throw new Error(`gave up waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
